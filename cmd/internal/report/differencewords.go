package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
)

// grantable reports whether a grant can allow some of the actions.
func grantable(actions []string) bool {
	return slices.ContainsFunc(actions, func(name string) bool {
		a, known := facts.LookupAction(name)
		return !known || a.GrantOperation
	})
}

// withoutNamesakes leaves out whom another name speaks for: a user for federated users of its name, and anyone for all.
func withoutNamesakes(names []string) []string {
	if slices.Contains(names, anyone) {
		return []string{anyone}
	}
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		user, federated := strings.CutPrefix(name, "federated-")
		return federated && slices.Contains(names, user)
	})
}

// words say a change as "role/payments-api gains Decrypt (was: needs an identity policy)".
func (d Difference) words(names []string, c access.Change) string {
	if n := len(names); n > maxNames {
		names = append(names[:maxNames:maxNames], fmt.Sprintf("%d more", n-maxNames))
	}
	who, many := diag.Join(names, "and"), len(names) > 1
	what := actionWords(c.Actions, slices.Concat(d.New.patterns(d.New.naming(c.Principal)), d.Old.patterns(d.Old.naming(c.Principal))))
	gains, loses, needs, is := "gains", "loses", "needs", "is"
	if many {
		gains, loses, needs, is = "gain", "lose", "need", "are"
	}
	with, allowedIf := withIdentityPolicy, "an identity policy"
	if outsider(c, d.New.Account.ID) {
		with, allowedIf = agreed(many), "its own account's agreement"
		if many {
			allowedIf = "their own accounts' agreement"
		}
	}
	was := "was: " + decisionTitles[c.Was]
	if c.Was == access.NeedsIdentityPolicy && with != withIdentityPolicy {
		was = "was: allowed, " + with
	}
	if c.Was == access.ImplicitDeny || c.Was == access.Allowed {
		was = ""
	}
	text, now := "", ""
	switch {
	case c.Decision == access.Allowed:
		text = fmt.Sprintf("%s %s %s", who, gains, what)
	case c.Decision == access.NeedsIdentityPolicy && c.Was == access.Allowed:
		text, was = fmt.Sprintf("%s now %s %s for %s", who, needs, allowedIf, what), "was: allowed"
	case c.Decision == access.NeedsIdentityPolicy:
		text = fmt.Sprintf("%s %s %s %s", who, gains, what, with)
	case c.Decision == access.ImplicitDeny && c.Was == access.ExplicitDeny && !grantable(c.Actions):
		text, was = fmt.Sprintf("%s %s no longer denied %s explicitly", who, is, what), "now: not allowed"
	case c.Was == access.ImplicitDeny && c.Decision == access.ExplicitDeny && !grantable(c.Actions):
		text, was = fmt.Sprintf("%s %s denied %s explicitly", who, is, what), "was: not allowed"
	case c.Decision == access.ImplicitDeny && c.Was == access.ExplicitDeny:
		text = fmt.Sprintf("%s can be given %s by a grant", who, what)
	case c.Decision == access.ImplicitDeny:
		text = fmt.Sprintf("%s %s %s", who, loses, what)
	case c.Was == access.ImplicitDeny:
		text, now = fmt.Sprintf("%s can no longer be given %s by a grant", who, what), "now: denied explicitly"
	default:
		text, now = fmt.Sprintf("%s %s %s", who, loses, what), "now: denied explicitly"
	}
	if d.Live {
		text, was = liveWords(c, who, what, with, text), ""
	}
	if words := conditionWords(c.Conditions); len(words) > 0 {
		text += ": " + words[0]
	}
	aside := slices.DeleteFunc([]string{now, was}, func(s string) bool { return s == "" })
	if len(aside) == 0 {
		return text
	}
	return text + " (" + strings.Join(aside, "; ") + ")"
}

// liveWords say what a live policy does that its spec does not.
func liveWords(c access.Change, who, what, with, text string) string {
	switch {
	case c.Decision == access.Allowed && c.Was == access.NeedsIdentityPolicy:
		return fmt.Sprintf("the live policy lets %s do %s, where the spec asks for an identity policy", who, what)
	case c.Decision == access.Allowed:
		return fmt.Sprintf("the live policy lets %s do %s, which the spec does not", who, what)
	case c.Decision == access.NeedsIdentityPolicy && c.Was == access.Allowed:
		return fmt.Sprintf("the live policy lets %s do %s %s, where the spec asks for none", who, what, with)
	case c.Decision == access.NeedsIdentityPolicy:
		return fmt.Sprintf("the live policy lets %s do %s %s, which the spec does not", who, what, with)
	case c.Was == access.Allowed || c.Was == access.NeedsIdentityPolicy:
		return fmt.Sprintf("the live policy does not let %s do %s, which the spec does", who, what)
	default:
		return "in the live policy, against the spec, " + text
	}
}

// example is the witness of a change that holds in some contexts, or for many principals.
func (d Difference) example(c access.Change) string {
	w := c.Witness
	if c.Conditions.None() && !strings.Contains(c.Principal, "*") {
		return ""
	}
	return d.New.short(w.Principal) + " " + w.Action + contextWords(w.Context)
}

func contextWords(context map[string][]string) string {
	var pairs []string
	for key, list := range context {
		if len(list) == 0 {
			pairs = append(pairs, "no "+key)
		}
		for _, v := range list {
			if v == "" {
				v = `""`
			}
			pairs = append(pairs, key+"="+v)
		}
	}
	if len(pairs) == 0 {
		return ""
	}
	slices.Sort(pairs)
	return " with " + diag.Join(pairs, "and")
}
