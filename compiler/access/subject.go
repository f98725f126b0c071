package access

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// subject is how a caller is named in tables.
type subject struct {
	principal string
	kind      string
	shown     bool // it has rows of its own; others stand for nothing that a policy names
	generic   bool // it stands for all of an account, or for all there are, that no policy names
}

// AnyOtherService is the principal of rows about all services that a policy does not name.
const AnyOtherService = "any other service"

// isGeneric: a user or a role's session that no policy names, neither by name nor by pattern.
func (s *space) isGeneric(c *caller) bool {
	return (c.kind == callerUser || c.kind == callerSession && c.anySession) && c.path == "" && c.name == s.fresh
}

func (s *space) subjectOf(c *caller) subject {
	switch {
	case c.kind == callerService && c.name == s.otherService:
		return subject{principal: AnyOtherService, kind: "service", shown: true}
	case c.kind == callerService:
		return subject{principal: c.name, kind: "service", shown: s.naming.services[c.name]}
	case c.kind == callerRoot:
		return s.accountSubject(c)
	case s.isGeneric(c):
		return s.accountSubject(c)
	case s.naming.arns[c.principalARN()] && (c.kind != callerSession || c.anySession):
		return subject{principal: c.principalARN(), kind: c.kindName(), shown: true}
	case c.kind == callerSession && s.naming.arns[c.arn()]:
		return subject{principal: c.arn(), kind: "session", shown: true}
	case c.kind == callerUser && s.naming.names[c.name]:
		return subject{principal: c.arn(), kind: "user", shown: true}
	case c.kind == callerFederated && s.naming.users[c.account+"/"+c.name]:
		return subject{principal: c.arn(), kind: c.kindName(), shown: true}
	case c.kind != callerSession || c.anySession:
		return s.patternSubject(c)
	}
	return subject{}
}

// accountSubject is the account as a whole; an account that nothing names is any account.
func (s *space) accountSubject(c *caller) subject {
	if !s.naming.accounts[c.account] {
		if pattern := s.accountPattern(c.account); pattern != "" {
			return subject{principal: policy.AccountARN(c.partition, pattern), kind: "account", shown: true, generic: true}
		}
		return subject{principal: "*", kind: "anyone", shown: true, generic: true}
	}
	return subject{principal: policy.AccountARN(c.partition, c.account), kind: "account", shown: true, generic: true}
}

// accountPattern is the longest pattern on accounts that an account matches, and that not every account does.
func (s *space) accountPattern(account string) string {
	best := ""
	s.conditions(func(_ *model, _ *statement, c *condition) {
		if c.key.lower != "aws:principalaccount" && c.key.lower != "kms:calleraccount" {
			return
		}
		for i := range c.values {
			v := &c.values[i]
			p := v.pattern()
			if p != nil && !v.plain && (len(v.text) > len(best) || len(v.text) == len(best) && v.text < best) && p.Match(account) && !p.Match(freshAccount(s.accountList())) {
				best = v.text
			}
		}
	})
	return best
}

// patternSubject is named by the longest pattern that it matches and that not everyone of its account does.
func (s *space) patternSubject(c *caller) subject {
	generic := *c
	generic.path, generic.name, generic.session = "", s.fresh, freshSession
	best := ""
	for i, text := range s.naming.globTexts {
		p := s.naming.globs[i]
		if (len(text) > len(best) || len(text) == len(best) && text < best) && p.Match(c.principalARN()) && !p.Match(generic.principalARN()) {
			best = text
		}
	}
	return subject{principal: best, kind: c.kindName(), shown: best != ""}
}

// mentions is what the policies name.
type mentions struct {
	accounts, arns, names, services, users map[string]bool
	globs                                  []glob.Pattern
	globTexts                              []string
}

func newNaming() mentions {
	return mentions{accounts: map[string]bool{}, arns: map[string]bool{}, names: map[string]bool{}, services: map[string]bool{}, users: map[string]bool{}}
}

func (s *space) buildNaming() {
	n := newNaming()
	for _, a := range s.env.TrustAccounts {
		n.accounts[a] = true
	}
	for _, m := range s.models {
		n.accounts[m.owner] = true
		for _, a := range Accounts(m.doc) {
			n.accounts[a] = true
		}
		for i := range m.statements {
			src := m.statements[i].src
			for _, p := range slices.Concat(src.Principals, src.NotPrincipals) {
				if p.Kind == policy.Service {
					n.services[p.Text] = true
				}
				if p.Kind == policy.User {
					n.users[p.Account+"/"+p.Name] = true
				}
				n.arns[p.Text] = true
			}
		}
	}
	s.conditions(func(_ *model, _ *statement, c *condition) {
		for i := range c.values {
			v := &c.values[i]
			switch {
			case v.bad || c.op.family != familyString && c.op.family != familyARN || v.pieces != nil:
			case c.key.lower == "aws:principalarn":
				n.arns[v.text] = true
				if v.pat != nil {
					n.globs, n.globTexts = append(n.globs, v.pat), append(n.globTexts, v.named)
				}
			case c.key.lower == "aws:username":
				n.names[v.text] = true
			case c.key.lower == "aws:principalservicename":
				n.services[v.text] = true
			}
		}
	})
	s.naming = n
}
