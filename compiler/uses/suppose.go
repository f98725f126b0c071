package uses

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// supposed are values for what the requests of a use leave open, and for what is known of the key.
type supposed map[string]string

// Bounds of the search for values that serve a use.
const (
	mostValues       = 8   // for one parameter
	mostSuppositions = 128 // of all together
)

// builtins are the references that stand for what is known of the key.
var builtins = []string{"account", "partition", "region"}

func isBuiltin(name string) bool { return slices.Contains(builtins, name) }

// exampleAccount and exampleRegion stand for those of a key of which nothing is known.
const (
	exampleAccount = "111122223333"
	exampleRegion  = "us-east-1"
)

// known is what is known of the key; "" where nothing is.
func (j *Judge) known(name string) string {
	arn, _ := policy.ParseARN(cmp.Or(j.env.KeyARN, j.env.KeyID))
	switch name {
	case "account":
		return cmp.Or(j.env.Account, arn.Account)
	case "region":
		return cmp.Or(j.env.Region, arn.Region)
	case "partition":
		return cmp.Or(j.env.Partition, arn.Partition, j.doc.Partition(), "aws")
	}
	return ""
}

// suppositions are the ways to fill in what is not given: with values that the policy's own conditions and principals
// have in those places, and with an example. There is at least one.
func (j *Judge) suppositions(asked Asked) []supposed {
	base := supposed{}
	for _, name := range builtins {
		if value := j.known(name); value != "" {
			base[name] = value
		}
	}
	for name, values := range asked.Given {
		if len(values) == 1 {
			base[name] = base.principal(asked.Use.Parameters[name], values[0])
		}
	}
	list := []supposed{base}
	for _, name := range openNames(asked, base) {
		var next []supposed
		for _, have := range list {
			for _, v := range j.candidates(asked.Use, name, have) {
				if len(next) < mostSuppositions {
					with := maps.Clone(have)
					with[name] = v
					next = append(next, with)
				}
			}
		}
		list = next
	}
	return list
}

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

// form is a string of a request, with where it stands: the condition key, or "" for the principal.
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
	parameter := use.Parameters[name]
	var list []string
	add := func(value string) {
		if value != "" && !slices.Contains(list, value) && fits(name, parameter, value, base) && len(list) < mostValues {
			list = append(list, value)
		}
	}
	for _, f := range formsOf(use) {
		parts := base.known(split(f.text))
		for _, value := range j.written(f.key) {
			for _, bound := range witnesses(parts, value, j.examples(use, base)) {
				add(bound[name])
			}
		}
	}
	switch {
	case parameter.Principals:
		for _, p := range principalsOf(j.doc) {
			if p.Kind == policy.Role || p.Kind == policy.User {
				add(p.Text)
			}
		}
	case isAccount(name):
		for _, account := range access.Accounts(j.doc) {
			add(account)
		}
	}
	for _, value := range parameter.Values {
		add(value)
	}
	example := j.examples(use, base)[name]
	if !slices.Contains(list, example) {
		if len(list) == mostValues {
			list = list[:mostValues-1]
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

// isAccount says whether a reference stands for an account's id.
func isAccount(name string) bool { return name == "account" || strings.HasSuffix(name, "_account") }

// written are the values that the policy has for a condition key, or with "" the services that are its principals.
func (j *Judge) written(key string) []string {
	var list []string
	for i := range j.doc.Statements {
		st := &j.doc.Statements[i]
		if key == "" {
			for _, p := range st.Principals {
				list = append(list, p.Text)
			}
			continue
		}
		for _, c := range st.Conditions {
			if strings.EqualFold(c.Key.Value, key) {
				for _, v := range c.Values {
					list = append(list, v.Value)
				}
			}
		}
	}
	return list
}

func principalsOf(doc *policy.Document) []policy.Principal {
	var all []policy.Principal
	for i := range doc.Statements {
		if doc.Statements[i].Effect.Value == "Allow" {
			all = append(all, doc.Statements[i].Principals...)
		}
	}
	return all
}

// filled is a request of a use with everything filled in.
type filled struct {
	principal string
	context   map[string][]string
}

// fill fills a request in: one for each principal where a list of them is given.
func (s supposed) fill(r facts.UseRequest, given map[string][]string) []filled {
	principals := []string{r.Principal}
	for name, values := range given {
		if len(values) > 1 && r.Principal == "$("+name+")" {
			principals = nil
			for _, v := range values {
				principals = append(principals, s.principal(facts.UseParameter{Principals: true}, v))
			}
		}
	}
	var list []filled
	for _, p := range principals {
		f := filled{principal: s.substitute(p), context: map[string][]string{}}
		for key, value := range r.Context {
			f.context[key] = []string{s.substitute(value)}
		}
		list = append(list, f)
	}
	return list
}

// fits says whether a text can be the value of a reference.
func fits(name string, p facts.UseParameter, value string, base supposed) bool {
	switch {
	case strings.ContainsAny(value, "*?"):
		return false
	case name == "other_account" && value == base["account"]:
		return false
	case isAccount(name):
		return policy.IsAccountID(value)
	case name == "region":
		_, known := facts.PartitionOfRegion(value)
		return known
	case p.Principals: // the account's root user is not who uses a service
		kind := policy.ReadPrincipal("AWS", value, nil).Kind
		return kind == policy.Role || kind == policy.User
	case len(p.Values) > 0:
		return slices.Contains(p.Values, value)
	case p.Pattern != "":
		return regexp.MustCompile(p.Pattern).MatchString(value)
	}
	return true
}

// principal is the value of a parameter, of which a list of principals may have roles by name alone.
func (s supposed) principal(p facts.UseParameter, value string) string {
	if !p.Principals || strings.HasPrefix(value, "arn:") || s["account"] == "" {
		return value
	}
	return policy.ARN{Partition: s["partition"], Service: "iam", Account: s["account"], Resource: "role/" + value}.String()
}
