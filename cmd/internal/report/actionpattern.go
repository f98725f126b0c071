package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// actionPattern is a pattern of actions that a statement writes.
type actionPattern struct {
	text string   // without its service
	of   []string // the actions that it matches and that a key policy has a say in
}

// wording is how a statement names actions, and whom it lists.
type wording struct {
	patterns   []actionPattern
	principals []string
}

func wordingOf(st *policy.Statement) wording {
	w := wording{patterns: actionPatterns(st)}
	for _, p := range st.Principals {
		w.principals = append(w.principals, p.Text)
	}
	return w
}

// actionPatterns are the patterns among the actions of a statement.
func actionPatterns(st *policy.Statement) []actionPattern {
	var list []actionPattern
	for _, action := range st.Actions {
		if action.Parts != nil || !strings.ContainsAny(action.Value, "*?") {
			continue
		}
		if of := effective(facts.MatchActions(action.Value)); len(of) > 0 {
			list = append(list, actionPattern{text: shortActions([]string{action.Value})[0], of: of})
		}
	}
	return list
}

// patterns are those of some statements, those that match most first.
func (p Policy) patterns(statements []int) []actionPattern {
	var list []actionPattern
	for _, i := range statements {
		list = append(list, p.statement(i).patterns...)
	}
	slices.SortFunc(list, func(a, b actionPattern) int {
		return cmp.Or(len(b.of)-len(a.of), strings.Compare(a.text, b.text))
	})
	return list
}

// naming are the statements that list a principal.
func (p Policy) naming(principal string) []int {
	var list []int
	for i := range p.Statements {
		if slices.Contains(p.Statements[i].principals, principal) {
			list = append(list, i)
		}
	}
	return list
}

// asWritten are the patterns of which all that they match is among the names, and the names that none of these matches. These
// are the policy's own words, and remain right when AWS has more actions that they match.
func asWritten(names []string, patterns []actionPattern) (list, left []string) {
	named, open := map[string]bool{}, map[string]bool{}
	for _, name := range names {
		named[name], open[name] = true, true
	}
	for _, p := range patterns {
		if !slices.ContainsFunc(p.of, func(name string) bool { return !named[name] }) &&
			slices.ContainsFunc(p.of, func(name string) bool { return open[name] }) {
			list = append(list, p.text)
			for _, name := range p.of {
				delete(open, name)
			}
		}
	}
	return list, slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !open[name] })
}
