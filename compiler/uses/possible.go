package uses

import (
	"maps"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// cannotBe reports whether a use has a request that the policy allows in no way, whatever is supposed for what is not given. It says no
// where it is not sure.
// A request is decided by the Allow statements with those conditions that look at what each such request has, and at nothing that is
// supposed or not documented. To leave out a condition of an Allow, or a Deny, only lets more in, so what is refused then is refused with
// each value.
func (j *Judge) cannotBe(asked Asked) bool {
	values := j.examples(asked.Use, j.base(asked))
	return slices.ContainsFunc(asked.Use.Requests, func(r facts.UseRequest) bool { return j.refusesAll(asked, r, values) })
}

// refusesAll reports whether a request is refused whatever is supposed; values are an example of that.
func (j *Judge) refusesAll(asked Asked, r facts.UseRequest, values supposed) bool {
	isOpen := func(form string) bool {
		return slices.ContainsFunc(split(form), func(p part) bool {
			return p.name != "" && j.about[p.name] == "" && len(asked.Given[p.name]) == 0
		})
	}
	at := values.location()
	if isOpen(r.Principal) || j.about["account"] == "" && strings.HasPrefix(r.Principal, "arn:") {
		return false
	}
	fixed := map[string]bool{}
	for key, form := range r.Context {
		fixed[strings.ToLower(key)] = !isOpen(form)
	}
	s := j.widestOf(fixed, at)
	mayBe := func(principal, action string, context map[string][]string) bool {
		result, err := s.Simulate(access.Request{Principal: principal, Action: action, Context: maps.Clone(context)})
		return err != nil || result.Decision != access.ImplicitDeny
	}
	for _, f := range values.fill(r, asked.Given) {
		for _, written := range r.Actions {
			if !slices.ContainsFunc(requestable(written), func(action string) bool { return mayBe(f.principal, action, f.context) }) {
				return true
			}
		}
	}
	return false
}

// widestOf is a simulator of what [Judge.widest] gives, one for all requests that have the same keys. Where the account is not known it is
// for requests of services, which are decided alike whichever account that is: no condition and no Resource is left that asks for it.
func (j *Judge) widestOf(keys map[string]bool, at location) *access.Simulator {
	var names []string
	for key, fixed := range keys {
		if fixed {
			names = append(names, key)
		}
	}
	slices.Sort(names)
	of := strings.Join(names, " ")
	s := j.wide[of]
	if s == nil {
		s = access.NewSimulator(j.widest(keys), j.envAt(at))
		j.wide[of] = s
	}
	return s
}

// widest is the document's Allow statements, each for all keys, with the conditions on some condition keys only and without those that
// a variable is in.
func (j *Judge) widest(keys map[string]bool) *policy.Document {
	doc := *j.allows()
	doc.Statements = slices.Clone(doc.Statements)
	for i := range doc.Statements {
		st := &doc.Statements[i]
		*st = anyResource(*st)
		st.Conditions = slices.DeleteFunc(slices.Clone(st.Conditions), func(c policy.Condition) bool {
			return !keys[strings.ToLower(c.Key.Value)] || slices.ContainsFunc(c.Values, func(v policy.Text) bool { return strings.Contains(v.Value, "${") })
		})
	}
	return &doc
}
