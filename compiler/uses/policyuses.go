package uses

import (
	"maps"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// PolicyUse is a use that a policy lets be by itself, or of which it is not known whether it does.
type PolicyUse struct {
	Use facts.Use
	// Given are the values of parameters that have a list of values: each of them is a use of its own.
	Given   map[string]string
	Verdict Verdict // Fulfilled, NotDocumented or Unknown
	// Supposed is what the answer supposes of a key of which that is not known, by "account" and "region".
	Supposed map[string]string
	// Statements are those that allow its requests, by their index; of one that is not documented, those in which the keys are.
	Statements []int
	Keys       []string // the condition keys of which AWS's pages do not say that they are sent
	Reasons    []string // why the engine cannot decide it
}

// PolicyUses gives the uses that the policy lets be unchanged, and those of which that is not known, by their id. What
// depends on identity policies is not among them, nor are callers whose requests depend on what is not documented.
func (j *Judge) PolicyUses() []PolicyUse {
	return j.standingOf(admissionOf(j.doc).admits)
}

// standingOf is PolicyUse for the uses that may be let in: of the others it is known that none is.
func (j *Judge) standingOf(may func(facts.Use) bool) []PolicyUse {
	type possible struct {
		use   facts.Use
		given map[string]string
	}
	var open []possible
	for _, use := range facts.Uses() {
		if !may(use) {
			continue
		}
		for _, given := range enumerated(use) {
			if !j.cannotBe(Asked{Use: use, Given: lists(given)}) {
				open = append(open, possible{use, given})
			}
		}
	}
	var list []PolicyUse
	left := stepsOfPolicy
	for i, p := range open {
		steps := min(stepsOfQuestion, left/(len(open)-i)) // what one use leaves is for the others
		j.meter.left = steps
		if s, ok := j.policyUse(p.use, p.given); ok {
			list = append(list, s)
		}
		left -= steps - j.meter.left
	}
	return list
}

// lists are values each as a list of its own.
func lists(given map[string]string) map[string][]string {
	all := map[string][]string{}
	for name, value := range given {
		all[name] = []string{value}
	}
	return all
}

// enumerated are the values of a use's parameters that have a list of values, each by itself.
func enumerated(use facts.Use) []map[string]string {
	all := []map[string]string{nil}
	for _, name := range slices.Sorted(maps.Keys(use.Parameters)) {
		p := use.Parameters[name]
		if len(p.Values) == 0 {
			continue
		}
		var next []map[string]string
		for _, have := range all {
			for _, v := range p.Values {
				with := map[string]string{name: v}
				maps.Copy(with, have)
				next = append(next, with)
			}
		}
		all = next
	}
	return all
}

func (j *Judge) policyUse(use facts.Use, given map[string]string) (PolicyUse, bool) {
	asked := Asked{Use: use, Given: lists(given)}
	out := PolicyUse{Use: use, Given: given}
	answer, _ := j.fulfils(asked)
	if answer.WrongKey || answer.WrongRegion {
		return PolicyUse{}, false
	}
	if answer.Verdict == Refused && use.Way == facts.WayKeyPolicy && j.names(answer) {
		answer = j.ask(asked)
	}
	out.Verdict = answer.Verdict
	for _, r := range answer.Requests {
		switch answer.Verdict {
		case Fulfilled:
			out.Statements = append(out.Statements, r.Statements...)
		case NotDocumented:
			for _, o := range r.Obstacles {
				out.Statements, out.Keys = append(out.Statements, o.Statement), append(out.Keys, o.Key)
			}
		case Unknown:
			out.Reasons = append(out.Reasons, r.Reasons...)
		case NeedsIdentity, Refused:
			return PolicyUse{}, false
		}
	}
	for _, list := range []*[]string{&out.Keys, &out.Reasons} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	slices.Sort(out.Statements)
	out.Statements = slices.Compact(out.Statements)
	out.Supposed = j.supposedOfKey(asked, answer)
	if len(use.Regions) > 0 && j.about["region"] == "" {
		if out.Supposed == nil {
			out.Supposed = map[string]string{}
		}
		out.Supposed["region"] = use.Regions[0]
	}
	return out, true
}

// names reports whether some statement is for a service or a service-linked role that an answer's requests are from: for what
// no statement is, nothing depends on a condition.
func (j *Judge) names(a Answer) bool {
	return slices.ContainsFunc(a.Requests, func(r Decided) bool {
		return slices.ContainsFunc(j.principals, func(p policy.Principal) bool { return strings.EqualFold(p.Text, r.Principal) })
	})
}

// Other accounts and Regions than those that examples have.
var otherwise = map[string]string{"account": "222233334444", "region": "eu-south-2"}

// supposedOfKey is what an answer supposes of a key of which that is not known, as far as the answer is another without it.
func (j *Judge) supposedOfKey(asked Asked, a Answer) map[string]string {
	var supposed map[string]string
	for name, other := range otherwise {
		value := a.Values[name]
		if value == "" || j.about[name] != "" {
			continue
		}
		given := maps.Clone(asked.Given)
		given[name] = []string{other}
		elsewhere := Asked{Use: asked.Use, Given: given}
		if again, _ := j.fulfils(elsewhere); again.Verdict == a.Verdict {
			continue
		}
		if a.Verdict == NotDocumented && j.ask(elsewhere).Verdict == a.Verdict {
			continue
		}
		if supposed == nil {
			supposed = map[string]string{}
		}
		supposed[name] = value
	}
	return supposed
}
