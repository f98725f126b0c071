package tfplan

import (
	"strings"

	"github.com/keypolicy/keypolicy/compiler/source"
)

// configuration is what a plan says of how its values were written: constants and the names that an expression refers to,
// not the expression. https://developer.hashicorp.com/terraform/internals/json-format#configuration-representation
type configuration struct{ root *source.Node }

// reference is a name that an expression refers to, with the module in which it is written.
type reference struct {
	module string // the module's address, "" for the root
	name   string // var.x, data.aws_iam_policy_document.x.json, aws_iam_role.x.arn, …
}

// String is the reference as a reader of the plan would write it.
func (r reference) String() string {
	if r.module == "" {
		return r.name
	}
	return r.module + "." + r.name
}

// calls are the names of the modules on the way to a module: module.a["x"].module.b is a, b.
func calls(module string) []string {
	var names []string
	for _, step := range splitAddress(module) {
		if name, ok := strings.CutPrefix(step, "module."); ok {
			names = append(names, name)
		}
	}
	return names
}

// splitAddress splits module.a["x.y"].module.b[0] into module.a and module.b: an index, which may hold dots, is left out.
func splitAddress(address string) []string {
	var steps []string
	for address != "" {
		rest, ok := strings.CutPrefix(address, "module.")
		if !ok {
			return append(steps, address)
		}
		n := strings.IndexAny(rest, ".[")
		if n < 0 {
			return append(steps, address)
		}
		steps = append(steps, "module."+rest[:n])
		if rest = rest[n:]; rest[0] == '[' {
			rest = rest[indexLength(rest):]
		}
		address = strings.TrimPrefix(rest, ".")
	}
	return steps
}

// indexLength is the length of the index that a text starts with: [0] or ["a\"b"].
func indexLength(text string) int {
	if strings.HasPrefix(text, `["`) {
		for i := 2; i < len(text); i++ {
			switch text[i] {
			case '\\':
				i++
			case '"':
				return min(i+2, len(text))
			}
		}
		return len(text)
	}
	if n := strings.IndexByte(text, ']'); n >= 0 {
		return n + 1
	}
	return len(text)
}

// module is the configuration of a module; nil where the plan does not have it.
func (c configuration) module(address string) *source.Node {
	m := c.root.Get("root_module")
	for _, name := range calls(address) {
		m = m.Get("module_calls").Get(name).Get("module")
	}
	return m
}

// resource is the configuration of a resource, whose type and name are given as TYPE.NAME, data.TYPE.NAME for a data source.
func (c configuration) resource(module, address string) *source.Node {
	list := c.module(module).Get("resources")
	if list == nil {
		return nil
	}
	for _, r := range list.Items {
		if a := r.Get("address"); a.IsString() && a.Text == address {
			return r
		}
	}
	return nil
}

// referencesOf are the names that an expression refers to; none where it is a constant. Terraform lists each reference with
// all that it is part of (aws_iam_role.x.arn, aws_iam_role.x): only the longest are kept.
func referencesOf(module string, expression *source.Node) []reference {
	list := expression.Get("references")
	if list == nil {
		return nil
	}
	var out []reference
	for _, n := range list.Items {
		if !n.IsString() {
			continue
		}
		isPart := false
		for _, other := range list.Items {
			isPart = isPart || other.IsString() && (strings.HasPrefix(other.Text, n.Text+".") || strings.HasPrefix(other.Text, n.Text+"["))
		}
		if !isPart {
			out = append(out, reference{module, n.Text})
		}
	}
	return out
}

// withoutPosition leaves out what an expression takes the instance by: count.index, each.key.
func withoutPosition(list []reference) []reference {
	var out []reference
	for _, r := range list {
		if r.name != "count.index" && r.name != "each.key" {
			out = append(out, r)
		}
	}
	return out
}

// documentOf is the policy document of the plan that a reference of a resource is to: by its index, or by the resource's own
// where the expression takes it by count.index or each.key. nil where the reference is to something else. Plans of the format
// 0.x, and expressions that take an instance by its position, do not say which attribute is meant.
func (r *resource) documentOf(named reference) *resource {
	ref := r.plan.configuration.resolve(named)
	name := strings.TrimSuffix(strings.TrimSuffix(ref.name, ".minified_json"), ".json")
	for _, d := range r.plan.resources {
		if d.kind == typeDocument && d.data && sameModule(d.module, ref.module) &&
			(name == d.local()+d.index || name == d.local() && (d.index == "" || d.index == r.index)) {
			return d
		}
	}
	return nil
}

// resolve follows a reference to a variable to what the module's caller gives for it, and one to a module's output to what
// the module gives: as long as there is one reference to follow.
func (c configuration) resolve(r reference) reference {
	for range deepest {
		next, ok := c.step(r)
		if !ok {
			return r
		}
		r = next
	}
	return r
}

func (c configuration) step(r reference) (reference, bool) {
	var expression *source.Node
	module := r.module
	parts := strings.Split(r.name, ".")
	switch {
	case len(parts) == 2 && parts[0] == "var" && r.module != "":
		names := calls(r.module)
		module = parentModule(r.module)
		expression = c.module(module).Get("module_calls").Get(names[len(names)-1]).Get("expressions").Get(parts[1])
	case len(parts) == 3 && parts[0] == "module" && !strings.Contains(r.name, "["):
		module = joinModule(r.module, "module."+parts[1])
		expression = c.module(module).Get("outputs").Get(parts[2]).Get("expression")
	}
	list := referencesOf(module, expression)
	if len(list) != 1 {
		return r, false
	}
	return list[0], true
}

// parentModule is the address of the module that calls a module.
func parentModule(address string) string {
	steps := calls(address)
	last := strings.LastIndex(address, "module."+steps[len(steps)-1])
	return strings.TrimSuffix(address[:last], ".")
}

func joinModule(parent, step string) string {
	if parent == "" {
		return step
	}
	return parent + "." + step
}
