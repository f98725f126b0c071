package terraform

import (
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// invocation is a function's call with its arguments evaluated.
type invocation struct {
	e     *evaluator
	s     *scope
	r     hcl.Range
	place diag.Place
	args  []*value
	name  string
	more  *hole // of arguments that a list with "..." may have beside
}

// derived is a result that is not known.
func (c *invocation) derived() *value {
	h := c.more
	for _, a := range c.args {
		if h == nil {
			h = a.firstHole()
		}
	}
	return c.e.derived(c.s, c.r, h)
}

// known are the arguments as texts, where all of them are known.
func (c *invocation) known() ([]string, bool) {
	var out []string
	for _, a := range c.args {
		s, ok := a.known()
		if !ok {
			return nil, false
		}
		out = append(out, s)
	}
	return out, c.more == nil
}

// call evaluates a function's call.
func (e *evaluator) call(x *hclsyntax.FunctionCallExpr, s *scope) *value {
	name := strings.TrimPrefix(x.Name, "core::")
	c := &invocation{e: e, s: s, r: x.Range(), place: e.place(x.Range()), name: name}
	for i, a := range x.Args {
		v := e.value(a, s)
		if x.ExpandFinal && i == len(x.Args)-1 {
			if v.kind != list {
				c.more = e.derived(s, a.Range(), v.firstHole()).hole
				continue
			}
			c.args = append(c.args, v.items...)
			c.more = v.hole
			continue
		}
		c.args = append(c.args, v)
	}
	switch name {
	case "try":
		return c.try()
	case "can":
		if len(c.args) == 1 && c.args[0].kind != unknown {
			return newBool(!c.args[0].fails(), c.place)
		}
		return c.derived()
	}
	for _, a := range c.args {
		if a.kind == failed {
			return a
		}
	}
	if f := functions[name]; f != nil {
		if v := f(c); v != nil {
			return v
		}
		return c.derived()
	}
	return c.ofKnown()
}

// functions are those that take values of which parts are not known. Each gives nil where its result is not known.
var functions map[string]func(*invocation) *value

func init() {
	same := func(c *invocation) *value { return c.args0() }
	functions = map[string]func(*invocation) *value{
		"concat": (*invocation).concat, "flatten": (*invocation).flatten, "compact": (*invocation).compact, "distinct": (*invocation).distinct,
		"toset": (*invocation).distinct, "setunion": (*invocation).union, "tolist": (*invocation).tolist, "tomap": same, "tostring": (*invocation).tostring, "tonumber": (*invocation).tonumber, "tobool": (*invocation).tobool,
		"nonsensitive": same, "sensitive": same, "sort": (*invocation).sorted, "reverse": (*invocation).reverse,
		"merge": (*invocation).merge, "format": (*invocation).format, "formatlist": (*invocation).formatlist, "join": (*invocation).join,
		"coalesce": (*invocation).coalesce, "coalescelist": (*invocation).coalescelist, "jsonencode": (*invocation).jsonencode, "jsondecode": (*invocation).jsondecode,
		"file": (*invocation).file, "templatefile": (*invocation).templatefile, "length": (*invocation).length, "contains": (*invocation).contains,
		"lookup": (*invocation).lookup, "element": (*invocation).element, "keys": (*invocation).keys, "values": (*invocation).values, "one": (*invocation).one,
		"split": (*invocation).split, "list": (*invocation).tuple, "map": (*invocation).mapping, "zipmap": (*invocation).zipmap, "slice": (*invocation).slice,
		"trimspace": (*invocation).trimspace, "setsubtract": (*invocation).subtract, "chomp": (*invocation).trimspace,
		"setintersection": (*invocation).intersection, "setproduct": (*invocation).product, "chunklist": (*invocation).chunks,
		"replace": (*invocation).replace, "indent": (*invocation).indent, "matchkeys": (*invocation).matching, "alltrue": (*invocation).all,
		"anytrue": (*invocation).any, "yamldecode": (*invocation).yamldecode, "fileset": (*invocation).fileset, "fileexists": (*invocation).fileexists,
	}
}

func (c *invocation) args0() *value {
	if len(c.args) != 1 || c.more != nil {
		return nil
	}
	return c.args[0]
}

func (c *invocation) try() *value {
	for _, a := range c.args {
		if !a.fails() {
			return a
		}
	}
	if c.more != nil {
		return c.derived()
	}
	return failure(c.place)
}

// fails reports whether Terraform refuses a value, or anything in it.
func (v *value) fails() bool {
	return v.kind == failed || v.encoded != nil && v.encoded.fails() || slices.ContainsFunc(v.items, (*value).fails) ||
		slices.ContainsFunc(v.fields, func(f field) bool { return f.value.fails() })
}

func (c *invocation) tostring() *value {
	v := c.args0()
	if v != nil && (v.kind == number || v.kind == boolean) {
		return newText(v.literal, v.place)
	}
	return v
}

// openness is the hole of a list that a function makes of others.
func (c *invocation) openness(from *hole) *hole {
	if from == nil {
		return nil
	}
	return c.e.derived(c.s, c.r, from).hole
}

var verb = regexp.MustCompile(`%(?:%|(\[[0-9]+\])?([a-zA-Z]))`)

func (c *invocation) coalesce() *value {
	for _, a := range c.args {
		switch {
		case a.kind == null, a.isEmpty():
		case a.kind == unknown:
			if a.hole.Kind != "variable" && a.hole.Kind != "computed" {
				return a
			}
			given := choice{id: "given " + a.key(), Choice: symbol.Choice{Ref: a.hole.Ref, Options: []string{"is null or empty", "has a value"}, Place: a.place}}
			switch option, assumed := c.e.assumed[given.id]; {
			case !assumed:
				c.e.offer(given)
				return nil
			case option == 1:
				return a
			}
		default:
			return a
		}
	}
	if c.more != nil {
		return nil
	}
	return failure(c.place)
}

func (c *invocation) jsonencode() *value {
	v := c.args0()
	if v == nil {
		return nil
	}
	place := v.place
	if v.kind == text && v.encoded != nil { // a second time: the call is at fault
		place = c.place
	}
	return &value{kind: text, place: place, encoded: v}
}

func (c *invocation) jsondecode() *value {
	v := c.args0()
	switch {
	case v == nil || v.kind != text:
		return nil
	case v.encoded != nil:
		return v.encoded
	}
	out, found := c.e.decode(v)
	if found.HasErrors() {
		if v.firstHole() != nil {
			return nil
		}
		return failure(c.place)
	}
	return out
}
