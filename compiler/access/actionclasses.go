package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/glob"
)

// buildActions takes all actions that a key policy has a say in, and one that AWS may add for every way in which the
// policies' patterns can match it.
// Actions that there are, are not cut into classes as values are: they are few, reports name each, and what is
// known of one (its condition keys, whether it crosses accounts) differs from the next. What AWS may add is
// endless, and is cut into classes.
func (s *space) buildActions() {
	for _, f := range facts.Actions() {
		if f.EffectiveInKeyPolicy {
			s.actions = append(s.actions, actionOf(f))
		}
	}
	seen := map[string]bool{}
	for _, m := range s.models {
		for i := range m.statements {
			src := m.statements[i].src
			for _, t := range slices.Concat(src.Actions, src.NotActions) {
				if text := strings.ToLower(t.Value); !seen[text] && strings.ContainsAny(text, "*?") {
					seen[text] = true
					s.wildcards = append(s.wildcards, t.Value)
				}
			}
		}
	}
	for _, name := range s.futureNames() {
		if _, known := facts.LookupAction(name); !known {
			s.actions = append(s.actions, futureAction(name))
		}
	}
	if len(s.models) > 1 {
		s.buildUnlistedActions()
	}
}

// buildUnlistedActions adds the actions that compared policies name and the facts do not list: KMS may have them by now.
func (s *space) buildUnlistedActions() {
	for _, m := range s.models {
		for i := range m.statements {
			src := m.statements[i].src
			for _, t := range slices.Concat(src.Actions, src.NotActions) {
				if isUnlistedAction(t.Value) && !slices.ContainsFunc(s.actions, func(a action) bool { return strings.EqualFold(a.name, t.Value) }) {
					a := futureAction(strings.ToLower(t.Value))
					a.written = t.Value
					s.actions = append(s.actions, a)
				}
			}
		}
	}
}

// It is asked of a diff only: a single policy with such a name gets a finding, and of two that differ in it
// something has to be said.
func isUnlistedAction(text string) bool {
	name, isKMS := strings.CutPrefix(strings.ToLower(text), "kms:")
	if !isKMS || name == "" || strings.Trim(name, actionChars) != "" {
		return false
	}
	_, known := facts.LookupAction(text)
	return !known
}

const actionChars = lowerDigits

// futureNames gives a name for every way in which a new action can match the policies' patterns.
// A policy with "kms:Get*" lets its principals do more on the day on which AWS adds an action that begins so. A
// diff has to see that two policies differ in it even where they are alike for every action of today, so each
// combination of patterns that a new name can match has one invented name. Names are in lower case, as IAM
// compares actions without regard to case.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
func (s *space) futureNames() []string {
	if names, ok := s.prefixNames(); ok {
		return names
	}
	var patterns []glob.Pattern
	for _, text := range s.wildcards {
		patterns = append(patterns, glob.New(glob.Chars(strings.ToLower(text))))
	}
	var names []string
	for _, name := range facts.ActionNames() {
		names = append(names, strings.ToLower(name))
	}
	domain := glob.Concat(glob.Exact("kms:"), glob.OneOrMore(actionChars))
	fresh, exact := glob.Search{Limit: 5 * s.env.Budget.classes(), Meter: s.meter}.Representatives(domain, names, patterns, 1)
	if !exact {
		s.noteLimit("The policy has too many action patterns to determine what they match among actions that AWS may add: use only one * in each, at its end.")
	}
	return fresh
}

// prefixNames is futureNames where every pattern is a prefix: what a name matches follows from the longest one, so each
// prefix with a next character that no longer one has represents a way.
// It is what nearly all policies have, and the general search costs a product of automata for it. The next
// character is one after "w" where that is free, followed by "zq": no action of AWS begins so, and a name that AWS
// has is not new.
func (s *space) prefixNames() (names []string, ok bool) {
	prefixes := []string{"kms:"}
	for _, text := range s.wildcards {
		prefix, star := strings.CutSuffix(strings.ToLower(text), "*")
		switch {
		case !star || strings.ContainsAny(prefix, "*?"):
			return nil, false
		case len(prefix) < len("kms:") || !strings.HasPrefix(prefix, "kms:"):
			continue // all of KMS's actions or none
		}
		prefixes = append(prefixes, prefix)
	}
	for _, p := range prefixes {
		next := ""
		for _, o := range prefixes {
			if len(o) > len(p) && strings.HasPrefix(o, p) {
				next += o[len(p) : len(p)+1]
			}
		}
		at := strings.IndexFunc(actionChars, func(c rune) bool { return !strings.ContainsRune(next, c) && c > 'w' })
		if at < 0 {
			return nil, false
		}
		if name := p + actionChars[at:at+1] + "zq"; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names, true
}

// actionName is how reports name an action; one that AWS may add by the longest pattern that it matches.
func (s *space) actionName(a action) string {
	if !a.future || a.written != "" {
		return a.spelled()
	}
	best := "kms:*"
	for _, text := range s.wildcards {
		if len(text) > len(best) && glob.FoldGlob(text).Match(a.name) {
			best = text
		}
	}
	return best
}
