package uses

import (
	"maps"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// openNames are the references of a use's requests that nothing is given for: what is not known of the key first, as
// examples of the others are made of it.
func openNames(asked Asked, base supposed) []string {
	var names []string
	for _, form := range formsOf(asked.Use) {
		for _, part := range split(form.text) {
			if part.name != "" && base[part.name] == "" && len(asked.Given[part.name]) == 0 {
				names = append(names, part.name)
			}
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if isBuiltin(a) != isBuiltin(b) {
			return map[bool]int{true: -1, false: 1}[isBuiltin(a)]
		}
		return strings.Compare(a, b)
	})
	return slices.Compact(names)
}

// form is a string of a request, with where it is: the condition key, or "" for the principal.
type form struct{ key, text string }

func formsOf(use facts.Use) []form {
	var all []form
	for _, r := range use.Requests {
		all = append(all, form{"", r.Principal})
		for _, key := range slices.Sorted(maps.Keys(r.Context)) {
			all = append(all, form{key, r.Context[key]})
		}
	}
	return all
}

// candidates are the values to try for a reference, the policy's own first.
func (j *Judge) candidates(use facts.Use, name string, base supposed) []string {
	parameter, examples := use.Parameters[name], j.examples(use, base)
	most := mostValues
	switch {
	case isBuiltin(name):
		most = mostOfKey
	case parameter.Principals:
		most = mostCallers
	}
	var list []string
	full := func() bool { return len(list) >= most }
	add := func(value string) {
		switch {
		case value == "" || slices.Contains(list, value) || !fits(name, parameter, value, base):
		case full():
			j.meter.cut = true
		default:
			list = append(list, value)
		}
	}
	for _, f := range formsOf(use) {
		parts := base.known(split(f.text))
		if !slices.ContainsFunc(parts, func(p part) bool { return p.name == name }) {
			continue // it gives the reference no value
		}
		m := newMeeting(parts, examples)
		for _, value := range j.written(f.key) {
			if j.meter.left -= m.steps(value); j.meter.left <= 0 {
				j.meter.cut = true
				break
			}
			for _, bound := range m.witnesses(value) {
				add(bound[name])
			}
		}
	}
	switch {
	case parameter.Principals:
		for _, p := range j.principals {
			if p.Kind == policy.Role || p.Kind == policy.User {
				add(p.Text)
			}
		}
	case isAccount(name):
		for _, account := range j.accounts() {
			add(account)
		}
	}
	for _, value := range parameter.Values {
		add(value)
	}
	example := examples[name]
	if !slices.Contains(list, example) {
		if len(list) == most {
			list, j.meter.cut = list[:most-1], true
		}
		list = append(list, example)
	}
	return list
}

// examples are values for everything that a use can leave open.
func (j *Judge) examples(use facts.Use, base supposed) supposed {
	all := supposed{"account": exampleAccount, "region": exampleRegion, "partition": "aws"}
	maps.Copy(all, base)
	for name, p := range use.Parameters {
		if all[name] == "" {
			all[name] = all.substitute(p.Example)
		}
	}
	return all
}

// isAccount reports whether a reference represents an account's id.
func isAccount(name string) bool { return name == "account" || strings.HasSuffix(name, "_account") }

// written are the values that the policy has for a condition key, or with "" its principals, each once, in order.
func (j *Judge) written(key string) []string {
	key = strings.ToLower(key)
	if list, ok := j.values[key]; ok {
		return list
	}
	var list []string
	seen := map[string]bool{}
	add := func(text string) {
		if !seen[text] {
			seen[text] = true
			list = append(list, text)
		}
	}
	for i := range j.doc.Statements {
		st := &j.doc.Statements[i]
		if key == "" {
			for _, p := range st.Principals {
				add(p.Text)
			}
			continue
		}
		for _, c := range st.Conditions {
			if strings.ToLower(c.Key.Value) == key {
				for _, v := range c.Values {
					add(v.Value)
				}
			}
		}
	}
	j.values[key] = list
	return list
}

// principalsOf are the principals of a document's Allow statements.
func principalsOf(doc *policy.Document) []policy.Principal {
	var all []policy.Principal
	for i := range doc.Statements {
		if doc.Statements[i].Effect.Value == "Allow" {
			all = append(all, doc.Statements[i].Principals...)
		}
	}
	return all
}
