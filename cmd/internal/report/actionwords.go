package report

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// spelledOut are as many as a text lists one by one.
const spelledOut = 13

// actionWords are actions in words: one by one, as everything but some, or by their common beginnings, never more and never
// less than they are.
func actionWords(actions []string) string {
	all := effectiveActions()
	names := shortActions(actions)
	var rest []string
	for _, name := range all {
		if !slices.Contains(names, name) {
			rest = append(rest, name)
		}
	}
	switch {
	case len(rest) == 0:
		return "everything"
	case len(rest) <= spelledOut/2 && len(names) > spelledOut:
		return "everything but " + strings.Join(rest, ", ")
	case len(names) <= spelledOut:
		return strings.Join(names, ", ")
	}
	return strings.Join(withPatterns(names, all), ", ")
}

// effectiveActions are those that a key policy has a say in.
func effectiveActions() []string {
	var list []string
	for _, a := range facts.Actions() {
		if a.EffectiveInKeyPolicy {
			list = append(list, a.ShortName)
		}
	}
	slices.Sort(list)
	return list
}

// withPatterns writes Verb* for three actions or more that are all of a verb's.
func withPatterns(names, all []string) []string {
	byVerb := map[string][]string{}
	for _, name := range all {
		v := firstWord(name)
		byVerb[v] = append(byVerb[v], name)
	}
	var list []string
	for _, name := range names {
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
