package keypolicy

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// DenyKind is a kind of difference that a gate can object to.
type DenyKind string

// The kinds of differences.
const (
	DenyAdded         DenyKind = "added"
	DenyRemoved       DenyKind = "removed"
	DenyUnknown       DenyKind = "unknown"
	DenyFuture        DenyKind = "future"         // for actions that AWS may add
	DenyOutsider      DenyKind = "outsider"       // somebody outside of the key's account and of what is trusted gains access
	DenyPublic        DenyKind = "public"         // everyone gains access
	DenyEditorRemoved DenyKind = "editor-removed" // somebody who could change the policy no longer can
)

// DenyKinds are all kinds.
func DenyKinds() []DenyKind {
	return []DenyKind{DenyAdded, DenyRemoved, DenyUnknown, DenyFuture, DenyOutsider, DenyPublic, DenyEditorRemoved}
}

// Denied are those of some kinds that a difference is of, in their order. was and now are what [Compare] gives back, and what
// could not be decided counts as being of a kind, as a gate must not pass it.
func (l *Linter) Denied(file string, was, now *spec.Compiled, d *access.Difference, kinds []DenyKind) []DenyKind {
	g := gate{
		d: d, owner: now.Key.Account, now: access.NewAnalysis(now.Document, l.Env(file, now)), was: access.NewAnalysis(was.Document, l.Env(file, was)),
		changed: changedIn(was, now), env: l.Env(file, now),
	}
	tests := map[DenyKind]func() bool{
		DenyAdded:         func() bool { return len(d.Added) > 0 || d.May.Add },
		DenyRemoved:       func() bool { return len(d.Removed) > 0 || d.May.Remove },
		DenyUnknown:       func() bool { return len(d.Unknown) > 0 },
		DenyFuture:        func() bool { return len(d.Future) > 0 || d.May.Future },
		DenyOutsider:      g.outsiderGains,
		DenyPublic:        g.everyoneGains,
		DenyEditorRemoved: g.editorRemoved,
	}
	return slices.DeleteFunc(slices.Clone(kinds), func(k DenyKind) bool { return !tests[k]() })
}

// gate holds a difference against what a gate can object to.
type gate struct {
	d        *access.Difference
	owner    string // the key's account
	was, now *access.Analysis

	changed changed
	env     access.Env
}

// mayGain reports whether somebody gains access, or may.
func (g gate) mayGain() bool { return len(g.d.Added) > 0 || g.d.May.Add }

// outsiderGains: a change that gives somebody access whom the new policy lets in from outside. External leaves out who is trusted,
// so an organization's condition that is trusted makes no outsider of "*".
func (g gate) outsiderGains() bool {
	external := g.now.External()
	switch {
	case len(external) == 0 && g.now.Undecided(access.AskExternal) == "", !g.mayGain():
		return false // whatever is not known of the difference, there is nobody who could have gained
	case len(g.d.Unknown) > 0:
		return !g.changed.sparesOutsiders(g.env)
	}
	return slices.ContainsFunc(g.d.Added, func(c access.Change) bool {
		return lets(c) && slices.ContainsFunc(external, func(e access.External) bool { return sameOutsider(c, e, g.owner) })
	})
}

// sameOutsider reports whether a change can be one of an outsider: whether they are of an account that both can be of.
func sameOutsider(c access.Change, e access.External, owner string) bool {
	gains, outside := accountIn(c.Principal), accountIn(e.Principal)
	if gains == "" && isAnyone(c) {
		gains = "*"
	}
	switch {
	case gains == "" || gains == owner:
		return false
	case outside == "*":
		return isAnyone(c) // whoever is named and gains more than all others is outside by himself
	case isAnyone(c):
		return glob.Intersect(glob.New(glob.Chars(gains)), glob.New(glob.Chars(outside)))
	}
	return glob.Match(outside, gains)
}

// accountIn is the account of a principal as reports write it: "any account", "account ID", an id or an ARN; it can be a pattern,
// and is "" where there is none.
func accountIn(principal string) string {
	if principal == "any account" {
		return "*"
	}
	if id, ok := strings.CutPrefix(principal, "account "); ok {
		return id
	}
	if policy.IsAccountID(principal) {
		return principal
	}
	if parts := strings.SplitN(principal, ":", 6); len(parts) == 6 {
		return parts[4]
	}
	return ""
}

// everyoneGains: the new policy is public, or may be, and the old one was not, or let everyone do less.
func (g gate) everyoneGains() bool {
	now, _ := g.now.Public()
	if now == access.No || !g.mayGain() || len(g.d.Unknown) > 0 && g.changed.sparesOutsiders(g.env) {
		return false
	}
	was, _ := g.was.Public()
	return was != access.Yes || now != access.Yes || len(g.d.Unknown) > 0 ||
		slices.ContainsFunc(g.d.Added, func(c access.Change) bool { return lets(c) && isAnyone(c) })
}

// lets reports whether a change lets its principal in; else it only ends an explicit denial.
func lets(c access.Change) bool {
	return c.Decision == access.Allowed || c.Decision == access.NeedsIdentityPolicy
}

// isAnyone reports whether a change is about callers of any account, or of those of a pattern, whom nobody names.
func isAnyone(c access.Change) bool {
	return c.Principal == "*" || c.Kind == "anyone" || strings.ContainsAny(accountIn(c.Principal), "*?")
}

// editorRemoved: somebody could put the policy, and cannot, or it is not known who can.
func (g gate) editorRemoved() bool {
	if len(g.d.Unknown) > 0 && (len(g.d.Removed) > 0 || g.d.May.Remove) && !g.changed.sparesEditors(g.env) {
		return true
	}
	return slices.ContainsFunc(g.d.Removed, func(c access.Change) bool {
		return slices.ContainsFunc(c.Actions, func(name string) bool { return strings.EqualFold(name, "kms:PutKeyPolicy") })
	})
}
