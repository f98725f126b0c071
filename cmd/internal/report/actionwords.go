package report

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// spelledOut are as many as a text lists one by one.
const spelledOut = 13

// actionWords are actions in words: as everything, as everything but some, by the patterns of the policy, or one by one, never
// more and never less than they are.
func actionWords(actions []string, patterns []actionPattern) string {
	all := effectiveActions()
	names := shortActions(actions)
	var rest []string
	for _, name := range all {
		if !slices.Contains(names, name) {
			rest = append(rest, name)
		}
	}
	list, left := asWritten(names, patterns)
	switch n := len(list) + len(left); {
	case len(rest) == 0:
		return "everything"
	case len(rest) <= spelledOut/2 && n > spelledOut:
		return "everything but " + strings.Join(rest, ", ")
	case n > spelledOut:
		left = withVerbs(left, names, all)
	}
	list = append(list, left...)
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// effective are the short names of the actions that a key policy has a say in.
func effective(actions []string) []string {
	var list []string
	for _, name := range actions {
		if a, _ := facts.LookupAction(name); a.EffectiveInKeyPolicy {
			list = append(list, a.ShortName)
		}
	}
	return list
}

// effectiveActions are all those that a key policy has a say in, sorted.
func effectiveActions() []string { return effective(facts.ActionNames()) }

// withVerbs writes some of the names, and Verb* for three actions or more that are all of a verb's and among all of the names.
func withVerbs(some, names, all []string) []string {
	byVerb := map[string][]string{}
	for _, name := range all {
		v := firstWord(name)
		byVerb[v] = append(byVerb[v], name)
	}
	var list []string
	for _, name := range some {
		v := firstWord(name)
		of := byVerb[v]
		whole := len(of) > 2 && !slices.ContainsFunc(of, func(o string) bool { return !slices.Contains(names, o) })
		// A pattern must take in no action with another first word, as Re* would ReEncryptTo and RevokeGrant.
		for _, other := range all {
			whole = whole && (firstWord(other) == v || !strings.HasPrefix(other, v))
		}
		switch {
		case !whole:
			list = append(list, name)
		case !slices.Contains(list, v+"*"):
			list = append(list, v+"*")
		}
	}
	return list
}

// firstWord is the verb that an action's name begins with.
func firstWord(name string) string {
	for i := 1; i < len(name); i++ {
		if name[i] >= 'A' && name[i] <= 'Z' {
			return name[:i]
		}
	}
	return name
}
