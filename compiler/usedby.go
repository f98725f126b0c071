package compiler

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// usedBy takes what a spec and its templates say that the key is for, once for all of its Regions.
func (c *compilation) usedBy(list []spec.Use) {
	if c.out.Spec == nil || c.out.Spec.Uses != nil {
		return
	}
	for _, u := range list {
		one, found := readUse(u)
		c.found = append(c.found, found...)
		if !found.HasErrors() {
			c.out.Spec.Uses = append(c.out.Spec.Uses, one)
		}
	}
}

// readUse reads an entry of used_by.
func readUse(u spec.Use) (spec.UsedBy, diag.List) {
	out := spec.UsedBy{Entry: u.Entry, Name: u.Name.Text}
	use, ok := facts.LookupUse(u.Name.Text)
	if !ok {
		return out, diag.List{compileFinding(u.Name, "use-not-found", fmt.Sprintf("there is no use `%s`", u.Name.Text), useHelp(u.Name.Text))}
	}
	if u.Parameters == nil {
		return out, nil
	}
	var found diag.List
	out.Parameters = map[string][]string{}
	for _, m := range u.Parameters.Members {
		p, ok := use.Parameters[m.Key.Text]
		if !ok || p.Free {
			found = append(found, compileFinding(m.Key, "use-parameter", fmt.Sprintf("the use `%s` has no parameter `%s`", use.ID, m.Key.Text), parameterHelp(use, m.Key.Text)))
			continue
		}
		values, wrong := useValues(m.Key.Text, p, m.Value)
		if wrong != nil {
			found = append(found, *wrong)
			continue
		}
		out.Parameters[m.Key.Text] = values
	}
	return out, found
}

// example fills in what an example of a parameter refers to.
var example = strings.NewReplacer("$(partition)", "aws", "$(account)", "111122223333", "$(region)", "us-east-1")

// useValues reads the value of a parameter of a use: one text, or a list of principals. A wildcard in it represents any text.
func useValues(name string, p facts.UseParameter, n *source.Node) ([]string, *diag.Diagnostic) {
	nodes := []*source.Node{n}
	if n.Kind == source.Sequence && p.Principals {
		nodes = n.Items
	}
	var values []string
	for _, v := range nodes {
		if v.Kind != source.Scalar || v.IsNull() {
			d := compileFinding(v, "use-parameter", fmt.Sprintf("`%s` is a single text", name), p.Title)
			return nil, &d
		}
		if len(p.Values) > 0 && !slices.Contains(p.Values, v.Text) {
			help := "it is one of `" + strings.Join(p.Values, "`, `") + "`"
			if near, ok := facts.Nearest(v.Text, p.Values); ok {
				help = fmt.Sprintf("did you mean `%s`?", near)
			}
			d := compileFinding(v, "use-parameter", fmt.Sprintf("`%s` is not a value of `%s`", v.Text, name), help)
			return nil, &d
		}
		if !p.Takes(v.Text) {
			d := compileFinding(v, "use-parameter", fmt.Sprintf("`%s` is not a value of `%s`", v.Text, name), fmt.Sprintf("it is %s, such as `%s`", p.Title, example.Replace(p.Example)))
			return nil, &d
		}
		values = append(values, v.Text)
	}
	return values, nil
}

func useHelp(name string) string {
	if near, ok := facts.Nearest(name, facts.UseNames()); ok {
		return fmt.Sprintf("did you mean `%s`?", near)
	}
	return "`keypolicy explain` lists the uses"
}

func parameterHelp(use facts.Use, name string) string {
	var names []string
	for n, p := range use.Parameters {
		if !p.Free {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	if near, ok := facts.Nearest(name, names); ok {
		return fmt.Sprintf("did you mean `%s`?", near)
	}
	if len(names) == 0 {
		return "remove it: the use has no parameters"
	}
	return "there is `" + strings.Join(names, "`, `") + "`"
}

// usedByFaults are what is wrong with the used_by of a template, as far as it does not depend on parameters.
func usedByFaults(root *source.Node) diag.List {
	var found diag.List
	for _, u := range spec.ParseBody(root).UsedBy {
		if refers(u.Entry) {
			continue
		}
		_, wrong := readUse(u)
		found = append(found, wrong...)
	}
	return found
}

// refers reports whether a template's node has a reference to a parameter.
func refers(n *source.Node) bool {
	return strings.Contains(n.Text, "$(") || slices.ContainsFunc(n.Items, refers) ||
		slices.ContainsFunc(n.Members, func(m source.Member) bool { return refers(m.Value) })
}

// keyFaults are what is wrong with the used_by of a configuration's keys.
func keyFaults(root *source.Node) diag.List {
	var found diag.List
	for _, entry := range spec.ParseConfiguration(root).Keys {
		_, wrong := readUses(entry.UsedBy)
		found = append(found, wrong...)
	}
	return found
}

// readUses reads entries of used_by, with what is wrong with them.
func readUses(list []spec.Use) ([]spec.UsedBy, diag.List) {
	var all []spec.UsedBy
	var found diag.List
	for _, u := range list {
		one, wrong := readUse(u)
		found = append(found, wrong...)
		all = append(all, one)
	}
	return all, found
}

// ParseUse reads a use as a flag has it: NAME[,PARAMETER=VALUE…]. A parameter that is a list is given once for each entry.
func ParseUse(text string) (spec.UsedBy, error) {
	name, rest, _ := strings.Cut(text, ",")
	node := func(s string) *source.Node { return source.NewScalar(s, diag.Place{}) }
	use, _ := facts.LookupUse(name)
	parameters := source.NewMapping(diag.Place{})
	for pair := range strings.SplitSeq(rest, ",") {
		if pair == "" {
			continue
		}
		key, value, ok := strings.Cut(pair, "=")
		if !ok {
			return spec.UsedBy{}, fmt.Errorf("`%s` is not PARAMETER=VALUE", pair)
		}
		list := parameters.Get(key)
		switch {
		case list != nil && list.Kind == source.Sequence:
			list.Items = append(list.Items, node(value))
		case use.Parameters[key].Principals:
			parameters.Members = append(parameters.Members, source.NewMember(key, diag.Place{}, source.NewSequence(diag.Place{}, node(value))))
		default:
			parameters.Members = append(parameters.Members, source.NewMember(key, diag.Place{}, node(value)))
		}
	}
	one, found := readUse(spec.Use{Name: node(name), Parameters: parameters})
	if found.HasErrors() {
		return spec.UsedBy{}, fmt.Errorf("%s: %s", found[0].Message, found[0].Help)
	}
	one.Entry = nil
	return one, nil
}
