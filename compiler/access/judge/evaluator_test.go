package judge_test

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// decisions is the set of decisions that AWS's pages leave possible; one where they settle it.
type decisions uint8

const (
	implicitDeny decisions = 1 << iota
	needsIdentityPolicy
	allowed
	explicitDeny
	getsIn = allowed | needsIdentityPolicy
)

func (d decisions) settled() bool { return d&(d-1) == 0 }

func (d decisions) String() string {
	var list []string
	for i, name := range []string{"implicit_deny", "needs_identity_policy", "allowed", "explicit_deny"} {
		if d&(1<<i) != 0 {
			list = append(list, name)
		}
	}
	return strings.Join(list, "|")
}

// decide decides a request for a key of the owner's account.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
func (p *policy) decide(owner string, r *request) decisions {
	return p.decideWithout(owner, r, -1)
}

// decideWithout is decide for the policy without one statement.
func (p *policy) decideWithout(owner string, r *request, without int) decisions {
	denied, best := no, implicitDeny
	for i := range p.statements {
		st := &p.statements[i]
		if i == without {
			continue
		}
		if !st.allow {
			denied = denied.or(p.denies(st, r))
			continue
		}
		best = higher(best, p.allows(st, owner, r))
	}
	var out decisions
	if denied&yes != 0 {
		out |= explicitDeny
	}
	if denied&no != 0 {
		out |= best
	}
	return out
}

// higher are the decisions that the better of two can be.
func higher(a, b decisions) decisions {
	var out decisions
	for i := implicitDeny; i <= allowed; i <<= 1 {
		for j := implicitDeny; j <= allowed; j <<= 1 {
			if a&i != 0 && b&j != 0 {
				out |= max(i, j)
			}
		}
	}
	return out
}

// applies leaves the principal out of account.
func (p *policy) applies(st *statement, r *request) truth {
	if !matchesAction(st, r.action) {
		return no
	}
	result := matchesResource(st)
	for _, c := range st.conditions {
		if result == no {
			break
		}
		result = result.and(c.holds(p, r))
	}
	return result
}

func (p *policy) denies(st *statement, r *request) truth {
	named := no
	if st.notPrincipal {
		named = notExempt(st.principals, r.caller)
	} else {
		for _, e := range st.principals {
			named = named.or(e.denies(r.caller))
		}
	}
	if named == no {
		return no
	}
	return named.and(p.applies(st, r))
}

// allows is what an Allow statement gives of itself.
func (p *policy) allows(st *statement, owner string, r *request) decisions {
	if st.notPrincipal { // not supported with Allow
		return implicitDeny | getsIn
	}
	best := implicitDeny
	for _, e := range st.principals {
		best = higher(best, e.gives(owner, r.caller))
	}
	if best == implicitDeny {
		return best
	}
	if outside := r.caller.kind != service && r.caller.account != owner; outside {
		// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
		if fact, ok := facts.LookupAction(r.action); !ok || !fact.CrossAccount {
			return implicitDeny
		}
	}
	switch p.applies(st, r) {
	case no:
		return implicitDeny
	case open:
		return best | implicitDeny
	case yes:
	}
	return best
}

// effective reports whether a statement does anything for a request.
func (p *policy) effective(i int, owner string, r *request) truth {
	st := &p.statements[i]
	if !st.allow {
		return p.denies(st, r)
	}
	d := p.allows(st, owner, r)
	switch {
	case d&implicitDeny == 0:
		return yes
	case d == implicitDeny:
		return no
	}
	return open
}

func matchesAction(st *statement, action string) bool {
	lower := strings.ToLower(action)
	return slices.ContainsFunc(st.actions, func(a string) bool { return glob(a, lower) }) != st.notAction
}

const keyARN = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"

func matchesResource(st *statement) truth {
	if len(st.resources) == 0 {
		return open
	}
	result := no
	for _, text := range st.resources {
		if text == "*" {
			return yes
		}
		result = result.or(arnGlob(wildcards(text), keyARN))
	}
	return result
}

// accountOf is the account that a principal's text names as a whole.
func accountOf(text string) (string, bool) {
	if rest, ok := strings.CutPrefix(text, "arn:aws:iam::"); ok {
		id, ok := strings.CutSuffix(rest, ":root")
		return id, ok && accountID(id)
	}
	return text, accountID(text)
}

func accountID(text string) bool {
	return len(text) == 12 && strings.Trim(text, "0123456789") == ""
}

// names reports whether a principal's text names the caller itself, by its own ARN or its role's.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (e principal) names(c caller) truth {
	if e.kind == "Service" {
		return truthOf(c.kind == service && c.service == e.text)
	}
	if c.kind == service || e.kind != "AWS" {
		return no
	}
	if e.text == c.arn() && c.kind != root {
		return yes
	}
	switch c.kind {
	case session:
		return truthOf(e.text == c.roleARN())
	case federated:
		// The user whose credentials asked for the session counts too, and its name is not in the session's.
		if strings.HasPrefix(e.text, "arn:aws:iam::"+c.account+":user/") {
			return open
		}
	case root, user, service:
	}
	return no
}

// gives is what an entry of an Allow's Principal gives.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func (e principal) gives(owner string, c caller) decisions {
	needs, direct := needsIdentityPolicy, allowed
	switch { // a root user has no identity policies
	case c.kind == root:
		needs = allowed
	case c.kind != service && c.account != owner:
		direct = needsIdentityPolicy
	}
	if e.kind == "AWS" && e.text == "*" {
		return direct
	}
	if id, ok := accountOf(e.text); ok && e.kind == "AWS" {
		if c.kind != service && c.account == id {
			return needs
		}
		return implicitDeny
	}
	switch e.names(c) {
	case yes:
		return direct
	case open:
		return direct | implicitDeny
	case no:
	}
	return implicitDeny
}

func (e principal) denies(c caller) truth {
	if e.kind == "AWS" && e.text == "*" {
		return yes
	}
	if id, ok := accountOf(e.text); ok && e.kind == "AWS" {
		return truthOf(c.kind != service && c.account == id)
	}
	return e.names(c)
}

// notExempt reports whether a Deny with NotPrincipal hits a caller. The account, the role and the session must each be
// exempt; what is listed without its account may be denied, and an account without anybody of it leaves its users open.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
func notExempt(list []principal, c caller) truth {
	self, account, others := no, false, false
	var roleListed, sessionListed bool
	for _, e := range list {
		self = self.or(e.names(c))
		if e.text == "*" {
			return open
		}
		if c.kind == service || e.kind != "AWS" {
			continue
		}
		id, whole := accountOf(e.text)
		account = account || whole && id == c.account
		others = others || !whole && strings.Contains(e.text, "::"+c.account+":")
		if c.kind == session {
			roleListed = roleListed || e.text == c.roleARN()
			sessionListed = sessionListed || e.text == c.arn()
		}
	}
	switch {
	case c.kind == service:
		return self.not()
	case c.kind == root && account && others: // AWS's example calls a user beside its account the only exception
		return open
	case c.kind == root:
		return truthOf(!account)
	case self == no && !account:
		return yes
	case self == no && others:
		return yes
	case self == yes && account && (c.kind != session || roleListed && sessionListed):
		return no
	}
	return open
}
