package terraform

import (
	"encoding/base64"
	"path"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// pure are functions on values that are known as a whole.
var pure = map[string]function.Function{
	"lower": stdlib.LowerFunc, "upper": stdlib.UpperFunc, "title": stdlib.TitleFunc, "trim": stdlib.TrimFunc, "trimprefix": stdlib.TrimPrefixFunc,
	"trimsuffix": stdlib.TrimSuffixFunc, "substr": stdlib.SubstrFunc, "strrev": stdlib.ReverseFunc, "max": stdlib.MaxFunc, "min": stdlib.MinFunc,
	"abs": stdlib.AbsoluteFunc, "ceil": stdlib.CeilFunc, "floor": stdlib.FloorFunc, "regex": stdlib.RegexFunc, "regexall": stdlib.RegexAllFunc,
	"range": stdlib.RangeFunc, "parseint": stdlib.ParseIntFunc, "signum": stdlib.SignumFunc,
}

// onTexts are functions on texts that are known; false where Terraform refuses them.
var onTexts = map[string]func(...string) (cty.Value, bool){
	"startswith":   twoTexts(strings.HasPrefix),
	"endswith":     twoTexts(strings.HasSuffix),
	"strcontains":  twoTexts(strings.Contains),
	"basename":     oneText(path.Base),
	"dirname":      oneText(path.Dir),
	"base64encode": oneText(func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }),
	"base64decode": func(args ...string) (cty.Value, bool) {
		out, err := base64.StdEncoding.DecodeString(strings.Join(args, ""))
		return cty.StringVal(string(out)), err == nil && len(args) == 1
	},
}

func oneText(f func(string) string) func(...string) (cty.Value, bool) {
	return func(args ...string) (v cty.Value, ok bool) {
		if len(args) != 1 {
			return v, false
		}
		return cty.StringVal(f(args[0])), true
	}
}

func twoTexts(f func(string, string) bool) func(...string) (cty.Value, bool) {
	return func(args ...string) (v cty.Value, ok bool) {
		if len(args) != 2 {
			return v, false
		}
		return cty.BoolVal(f(args[0], args[1])), true
	}
}

func (c *invocation) tonumber() *value { return c.converted(asNumber) }

func (c *invocation) tobool() *value { return c.converted(asBool) }

func (c *invocation) converted(to func(*value) *value) *value {
	if v := c.args0(); v != nil {
		return to(v)
	}
	return nil
}

// ofKnown calls a function whose arguments must be known.
func (c *invocation) ofKnown() *value {
	if f, has := onTexts[c.name]; has {
		args, ok := c.known()
		if !ok {
			return c.derived()
		}
		out, ok := f(args...)
		if !ok {
			return failure(c.place)
		}
		return c.fromCty(out)
	}
	f, has := pure[c.name]
	if !has || c.more != nil {
		return c.derived()
	}
	args := make([]cty.Value, len(c.args))
	for i, a := range c.args {
		v, ok := a.cty()
		if !ok {
			return c.derived()
		}
		args[i] = v
		if params := f.Params(); i < len(params) || f.VarParam() != nil {
			to := f.VarParam()
			if i < len(params) {
				to = &params[i]
			}
			if v, err := convert.Convert(v, to.Type); err == nil {
				args[i] = v
			}
		}
	}
	out, err := f.Call(args)
	if err != nil || !out.IsWhollyKnown() {
		return failure(c.place)
	}
	return c.fromCty(out)
}

// cty is a text, a number or a boolean as cty has it; false where it is something else, or not known.
func (v *value) cty() (cty.Value, bool) {
	s, ok := v.known()
	switch {
	case !ok:
		return cty.NilVal, false
	case v.kind == number:
		n, err := cty.ParseNumberVal(s)
		return n, err == nil
	case v.kind == boolean:
		return cty.BoolVal(s == "true"), true
	default:
		return cty.StringVal(s), true
	}
}

// fromCty is a result. A text in it that is within the only text of the arguments has its place there.
func (c *invocation) fromCty(v cty.Value) *value {
	t := v.Type()
	switch {
	case v.IsNull():
		return newNull(c.place)
	case t == cty.String:
		return c.result(v.AsString())
	case t == cty.Number:
		return newNumber(decimal(v), c.place)
	case t == cty.Bool:
		return newBool(v.True(), c.place)
	case t.IsObjectType() || t.IsMapType():
		out := &value{kind: object, place: c.place}
		for it := v.ElementIterator(); it.Next(); {
			name, of := it.Element()
			out.fields = append(out.fields, field{newText(name.AsString(), c.place), c.fromCty(of)})
		}
		return out
	case t.IsListType() || t.IsTupleType() || t.IsSetType():
		out := newList(c.place)
		for it := v.ElementIterator(); it.Next(); {
			_, of := it.Element()
			out.items = append(out.items, c.fromCty(of))
		}
		return out
	}
	return c.derived()
}

// result is a text at the place where an argument has it; that of the first argument where none has.
func (c *invocation) result(s string) *value {
	out := newText(s, c.place)
	if len(c.args) == 0 {
		return out
	}
	out.place = c.args[0].place
	for i, a := range c.args {
		isPattern := i == 0 && strings.HasPrefix(c.name, "regex")
		if isPattern || a.kind != text || len(a.pieces) != 1 || s == "" {
			continue
		}
		at := strings.Index(a.pieces[0].literal, s)
		if at < 0 {
			continue
		}
		out.pieces[0].origin = a.pieces[0].origin.slice(at, at+len(s))
		if out.place = a.place; s != a.pieces[0].literal {
			if place, ok := out.pieces[0].origin.span(0, len(s)); ok {
				out.place = place
			}
		}
		break
	}
	return out
}
