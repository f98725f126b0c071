package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/glob"
)

// allAccounts are the literals, one account that is none of them, and where patterns look into the account, one for each
// way of matching them.
// A pattern such as "arn:aws:iam::1111*:role/app" looks into the account, so accounts that begin alike are of one
// class and others of another. All of an account's ARNs begin with its id, so what is asked is in which state each
// pattern is when the account has been read: two accounts in the same state have the same answers for every name
// that can follow.
func (s *callerSet) allAccounts() []string {
	list := append(slices.Clone(s.accounts), freshAccount(s.accounts))
	for _, service := range []string{"iam", "sts"} {
		prefix := "arn:" + s.partition + ":" + service + "::"
		patterns := append(alive(s.globs, prefix), alive(s.wild, prefix)...)
		for _, g := range s.accGlobs {
			patterns = append(patterns, glob.Concat(glob.Exact(prefix), g, glob.Exact(":")))
		}
		if len(patterns) > 0 {
			list = s.accountClasses(list, prefix, patterns)
		}
	}
	return list
}

// accountClasses adds an account for every state in which the patterns can be after it and the colon that ends it, where
// none of the list represents it yet.
// A found account that is one of the literals already has a class of its own. It is given to the search as a
// pattern, so that the next round finds another account in the same state; the loop ends because literals are
// finite.
func (s *callerSet) accountClasses(list []string, prefix string, patterns []glob.Pattern) []string {
	domain := glob.Concat(glob.Exact(prefix), glob.Repeat(12, digits), glob.Exact(":"))
	fresh := list[len(s.accounts)]
	slices.SortStableFunc(patterns, func(a, b glob.Pattern) int { return cmp.Compare(s.group(a), s.group(b)) })
	search := s.classes
	search.Patterns, search.Domain, search.ByState, search.Unnamed = patterns, domain, true, true
	for _, p := range patterns {
		search.Groups = append(search.Groups, s.group(p))
	}
	for {
		found, exact := search.TellApart()
		s.exact = s.exact && exact
		again := false
		for _, f := range found {
			account := accountOf(f, prefix)
			isLiteral := slices.ContainsFunc(search.Patterns, func(p glob.Pattern) bool { l, ok := p.Literal(); return ok && l == f })
			if slices.Contains(s.accounts, account) && !isLiteral {
				search.Add(glob.Exact(f))
				again = true
			}
		}
		if again {
			continue
		}
		for _, f := range found {
			account := accountOf(f, prefix)
			if !slices.Contains(list, account) && (search.Grouped || !sameState(search.Patterns, f, prefix+fresh+":")) {
				list = append(list, account)
			}
		}
		return list
	}
}

func accountOf(text, prefix string) string {
	return strings.TrimSuffix(strings.TrimPrefix(text, prefix), ":")
}

// A state is the set of positions that a pattern can be in after the text, as in a nondeterministic automaton.
// Equal states have equal futures, which is the argument of Myhill and Nerode for why classes are few.
func sameState(patterns []glob.Pattern, a, b string) bool {
	for _, p := range patterns {
		if !slices.Equal(glob.Advance(p, a), glob.Advance(p, b)) {
			return false
		}
	}
	return true
}

// alive are the patterns that a string with the prefix can match.
// The others match nobody under the prefix, and leaving them out is what keeps the search small: a policy with
// patterns for twenty accounts asks, in each account, for its own only.
func alive(globs []glob.Pattern, prefix string) []glob.Pattern {
	var list []glob.Pattern
	for _, g := range globs {
		if !glob.Advance(g, prefix).Dead() {
			list = append(list, g)
		}
	}
	return list
}

// selective are the patterns that match some of the texts with a prefix, and not all.
func selective(globs []glob.Pattern, prefix string) []glob.Pattern {
	all := glob.New(glob.Chars("*")).Key()
	return slices.DeleteFunc(alive(globs, prefix), func(g glob.Pattern) bool {
		return slices.ContainsFunc(g.After(prefix), func(rest glob.Pattern) bool { return rest.Key() == all })
	})
}
