package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/uses"
)

// uses say what the key can be used for by the policy itself: a service a line, and the uses by roles and users in one, as
// whoever may use the key can use it for most of them.
func (a Access) uses() []string {
	var lines []string
	open := newUndecidedUses(a.Uses)
	for _, group := range useGroups(a.Uses) {
		s := group[0]
		what := fmt.Sprintf("%s: %s (%s)", s.Use.Service, s.Use.Name, s.Use.ID+valueWords(group))
		switch {
		case s.Verdict == uses.Fulfilled:
			lines = append(lines, fmt.Sprintf("%s, by %s%s", what, a.Policy.statements(s.Statements), supposedWords(s.Supposed)))
		case s.Verdict == uses.Unknown && open.folds(s.Reasons):
			if line := open.line(s.Reasons); line != "" {
				lines = append(lines, line)
			}
		case s.Verdict == uses.Unknown:
			lines = append(lines, fmt.Sprintf("Not known: %s; %s", what, diag.Phrase(strings.Join(s.Reasons, " "))))
		case !a.serves(s.Statements): // and not what is meant for another use
			lines = append(lines, fmt.Sprintf("Not known: %s; it depends on %s in %s: AWS's page does not say that the service sends it.",
				what, strings.Join(s.Keys, ", "), a.Policy.statements(s.Statements)))
		}
	}
	if list := a.callerUses(uses.Fulfilled); len(list) > 0 {
		lines = append(lines, "By the key policy itself, roles and users can use the key for: "+strings.Join(list, ", "))
	}
	if list := a.callerUses(uses.Unknown); len(list) > 0 {
		lines = append(lines, "Not known for roles and users: "+strings.Join(list, ", "))
	}
	return lines
}

// useGroups are the uses by services; those that differ only by their parameters are one.
func useGroups(list []uses.PolicyUse) [][]uses.PolicyUse {
	var groups [][]uses.PolicyUse
	for _, s := range list {
		if s.Use.Way != facts.WayKeyPolicy {
			continue
		}
		at := slices.IndexFunc(groups, func(g []uses.PolicyUse) bool {
			o := g[0]
			return o.Use.ID == s.Use.ID && o.Verdict == s.Verdict && slices.Equal(o.Statements, s.Statements) && maps.Equal(o.Supposed, s.Supposed) &&
				slices.Equal(o.Keys, s.Keys) && slices.Equal(o.Reasons, s.Reasons)
		})
		if at < 0 {
			groups, at = append(groups, nil), len(groups)
		}
		groups[at] = append(groups[at], s)
	}
	return groups
}

// undecidedUses are the ids of the uses by services that are not known, by the reasons.
type undecidedUses map[string][]string

func newUndecidedUses(list []uses.PolicyUse) undecidedUses {
	out := undecidedUses{}
	for _, group := range useGroups(list) {
		if s := group[0]; s.Verdict == uses.Unknown {
			why := strings.Join(s.Reasons, " ")
			if !slices.Contains(out[why], s.Use.ID) {
				out[why] = append(out[why], s.Use.ID)
			}
		}
	}
	return out
}

// maxUndecided bounds the uses that are not known for one reason and have a line each.
const maxUndecided = 2

func (u undecidedUses) folds(reasons []string) bool {
	ids, ok := u[strings.Join(reasons, " ")]
	return !ok || len(ids) > maxUndecided
}

// line names all uses that are not known for some reasons, once.
func (u undecidedUses) line(reasons []string) string {
	why := strings.Join(reasons, " ")
	ids := u[why]
	if len(ids) == 0 {
		return ""
	}
	delete(u, why)
	return fmt.Sprintf("Not known for services, because %s: %s", diag.Phrase(why), strings.Join(ids, ", "))
}

// serves reports whether statements let some use be.
func (a Access) serves(statements []int) bool {
	return slices.ContainsFunc(a.Uses, func(s uses.PolicyUse) bool {
		return s.Verdict == uses.Fulfilled && slices.ContainsFunc(s.Statements, func(i int) bool { return slices.Contains(statements, i) })
	})
}

// callerUses are the ids of the uses by roles and users of which a verdict holds.
func (a Access) callerUses(v uses.Verdict) []string {
	var ids []string
	for _, s := range a.Uses {
		if s.Use.Way != facts.WayKeyPolicy && s.Verdict == v {
			ids = append(ids, s.Use.ID)
		}
	}
	return ids
}

// valueWords are the values of parameters by which the uses of a group differ.
func valueWords(group []uses.PolicyUse) string {
	var values []string
	for _, s := range group {
		for _, name := range slices.Sorted(maps.Keys(s.Given)) {
			values = append(values, s.Given[name])
		}
	}
	switch {
	case len(values) == 0:
		return ""
	case len(values) > maxNames:
		return fmt.Sprintf(" of %s and %d more services", strings.Join(values[:maxNames], ", "), len(values)-maxNames)
	}
	return " of " + strings.Join(values, ", ")
}

// supposedWords say of which key an answer holds.
func supposedWords(supposed map[string]string) string {
	var where []string
	if v := supposed["account"]; v != "" {
		where = append(where, "of account "+v)
	}
	if v := supposed["region"]; v != "" {
		where = append(where, "in "+v)
	}
	if len(where) == 0 {
		return ""
	}
	return ", for a key " + strings.Join(where, " ")
}
