package judge_test

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access"
)

// covers reports whether an entry's principal, as a report names it, includes a caller.
func covers(principal, kindText string, c caller) bool {
	principal = strings.ReplaceAll(principal, "${aws:PrincipalAccount}", c.account)
	switch principal {
	case "*":
		return true
	case "any account":
		return c.kind != service && c.account != owner
	case "any other service":
		return c.kind == service
	}
	if id, ok := strings.CutPrefix(principal, "account "); ok {
		return c.kind != service && glob(wildcards(id), c.account)
	}
	if part := strings.Split(principal, ":"); len(part) == 6 && part[5] == "root" && strings.ContainsAny(part[4], "*?") {
		return c.kind != service && glob(wildcards(part[4]), c.account) && (kindText != "root_user" || c.kind == root)
	}
	if id, ok := accountOf(principal); ok {
		return c.kind != service && c.account == id && (kindText != "root_user" || c.kind == root)
	}
	if principal == c.arn() || c.kind == session && principal == c.roleARN() {
		return true
	}
	if e, ok := parseCaller(principal); ok && e.kind == user && c.kind == user {
		return e.account == c.account && e.name == c.name // whatever its path, an account has one user of a name
	}
	if !strings.ContainsAny(principal, "*?") {
		return false
	}
	if at := strings.Index(principal, ":user/"); at >= 0 && c.kind == user && !strings.Contains(principal[at+6:], "/") && glob(wildcards(principal), "arn:aws:iam::"+c.account+":user/"+c.name) {
		return true // a pattern of names
	}
	text := c.arn()
	if c.kind == session && !strings.HasPrefix(principal, "arn:aws:sts") {
		text = c.roleARN()
	}
	return glob(wildcards(principal), text)
}

// fits reports whether a request meets the conditions that an entry prints.
func fits(conditions access.Conditions, r *request) truth {
	if len(conditions.AnyOf) == 0 {
		return truthOf(conditions.None()).or(open)
	}
	result := no
	for _, keys := range conditions.AnyOf {
		all := yes
		for key, constraint := range keys {
			all = all.and(fitsKey(key, constraint, r))
		}
		result = result.or(all)
	}
	return result
}

func fitsKey(key string, c access.Constraint, r *request) truth {
	given, known := r.lookup(strings.ToLower(key))
	switch {
	case !known:
		return open
	case len(given) == 0:
		return truthOf(c.Absent)
	}
	result := yes
	for _, part := range append(slices.Clone(c.And), c.Comparison) {
		result = result.and(meets(key, part, r))
	}
	for _, part := range c.Not {
		result = result.and(meets(key, part, r).not())
	}
	return result
}

func meets(key string, c access.Comparison, r *request) truth {
	if c.Operator == "" {
		return open
	}
	return newCondition(c.Operator, key, c.Values).holds(&policy{variables: true}, r)
}

func decisionOf(d access.Decision) decisions {
	switch d {
	case access.Allowed:
		return allowed
	case access.NeedsIdentityPolicy:
		return needsIdentityPolicy
	case access.ExplicitDeny:
		return explicitDeny
	case access.ImplicitDeny:
		return implicitDeny
	case access.Undecided:
	}
	return 0
}

// covered reports whether an entry of a difference reports a request whose decision changed.
func covered(list []access.Change, r *request, was, now decisions) bool {
	return slices.ContainsFunc(list, func(e access.Change) bool {
		return decisionOf(e.Was)&was != 0 && decisionOf(e.Decision)&now != 0 && slices.Contains(e.Actions, r.action) &&
			covers(e.Principal, e.Kind, r.caller) && fits(e.Conditions, r) != no
	})
}
