package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// subject is how a caller is named in tables.
// A caller of the space can be one that no reader has heard of: user "anyone" of account 999999999999. What it
// represents is what the report has to say: every user of any account, or whoever a pattern of the policy takes
// in.
type subject struct {
	principal string
	kind      string
	shown     bool // it has rows of its own; others represent nothing that a policy names
	generic   bool // it represents all of an account, or for all there are, that no policy names
	pattern   bool // it is named by a pattern, and not by what a policy says of it only
}

// AnyOtherService is the principal of rows about all services that a policy does not name.
const AnyOtherService = "any other service"

// isGeneric: a user or a role's session that no policy names, neither by name nor by pattern.
func (s *space) isGeneric(c *caller) bool {
	return (c.kind == callerUser || c.kind == callerSession && c.anySession) && c.path == "" && c.name == s.fresh
}

func (s *space) subjectOf(c *caller) subject {
	sub, ok := s.subjects[*c]
	if !ok {
		sub = s.findSubject(c)
		s.subjects[*c] = sub
	}
	return sub
}

func (s *space) findSubject(c *caller) subject {
	switch {
	case c.kind == callerService:
		return s.serviceSubject(c)
	case c.kind == callerRoot:
		return s.accountSubject(c)
	case s.isGeneric(c):
		return s.accountSubject(c)
	case s.naming.arns[c.principalARN()] && (c.kind != callerSession || c.anySession):
		return subject{principal: c.principalARN(), kind: c.kindName(), shown: true}
	case c.kind == callerSession && s.naming.arns[c.arn()]:
		return subject{principal: c.arn(), kind: "session", shown: true}
	case c.kind == callerFederated && s.naming.users[c.account+"/"+c.name]:
		return subject{principal: c.arn(), kind: c.kindName(), shown: true}
	case c.kind == callerUser:
		return s.userSubject(c)
	case c.kind == callerFederated && s.federatedByID(c) != "":
		return s.byName(*c, s.federatedByID(c))
	case c.kind != callerSession || c.anySession:
		return s.patternSubject(c)
	}
	return subject{}
}

// serviceSubject is a service by its name, or by the longest pattern of services that it matches and that not every service
// does.
func (s *space) serviceSubject(c *caller) subject {
	if c.name == s.otherService {
		return subject{principal: AnyOtherService, kind: "service", shown: true}
	}
	if s.naming.services[c.name] {
		return subject{principal: c.name, kind: "service", shown: true}
	}
	best := longest(s.naming.servicePatterns, c.name, s.otherService)
	if best != "" && !strings.ContainsAny(best, "*?") { // it differs from the name in case
		best = c.name
	}
	return subject{principal: best, kind: "service", shown: best != ""}
}

// userSubject is a user by the patterns of ARNs that it matches, or else by its name, or by a pattern of names, in whatever
// path and, where nothing names its account, in whatever account.
func (s *space) userSubject(c *caller) subject {
	if sub := s.patternSubject(c); sub.shown {
		return sub
	}
	name := c.name
	if !s.naming.names[name] {
		name = longest(s.naming.namePatterns, c.name, s.fresh)
		if strings.EqualFold(name, c.name) && s.naming.names[name] { // compared without regard to case; another user has the name as it is written
			name = c.name
		}
	}
	if name == "" {
		return subject{}
	}
	return s.byName(*c, name)
}

// byName is a user or a federated user of a name, in whatever path and, where nothing names its account, in whatever account.
func (s *space) byName(c caller, name string) subject {
	if c.name = name; c.path != "" {
		c.path = "*/"
	}
	if !s.naming.accounts[c.account] {
		c.account = cmp.Or(s.accountPattern(c.account), "*")
	}
	return subject{principal: c.arn(), kind: c.kindName(), shown: true, pattern: true}
}

// federatedByID is the name in the longest value for aws:userid that names a federated user; "" where none does.
func (s *space) federatedByID(c *caller) string {
	id := longest(s.naming.idPatterns, c.account+":"+c.name, c.account+":"+s.fresh)
	if _, name, ok := strings.Cut(id, ":"); ok {
		return name
	}
	return id
}

// longest is the text of the longest pattern that a text matches and another does not; "" where there is none.
// The longest is the most specific one in nearly all policies, and the comparison with a stranger excludes "*" and
// its like, by which nobody is named.
func longest(patterns []namedPattern, text, other string) string {
	best := ""
	for _, p := range patterns {
		if (len(p.text) > len(best) || len(p.text) == len(best) && p.text < best) && p.Match(text) && !p.Match(other) {
			best = p.text
		}
	}
	return best
}

// namesServices are the keys that say which service calls.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalservicename
func namesServices(lower string) bool {
	return facts.KeySays(lower) == facts.CallerService
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
	if len(s.naming.accountPatterns) == 0 {
		return ""
	}
	return longest(s.naming.accountPatterns, account, freshAccount(s.accountList()))
}

// patternSubject is named by the longest pattern that it matches and that not everyone of its account does. In an account that
// something names, it is whom the pattern takes in there: others of the pattern need not have the same access.
func (s *space) patternSubject(c *caller) subject {
	generic := *c
	generic.path, generic.name, generic.session = "", s.fresh, freshSession
	best := longest(s.naming.globs, c.principalARN(), generic.principalARN())
	return subject{principal: asSpelled(s.inAccount(best, c), c), kind: c.kindName(), shown: best != "", pattern: true}
}

// inAccount is a pattern of ARNs as far as it is about an account that something names, or about those of a pattern.
func (s *space) inAccount(pattern string, c *caller) string {
	switch account := s.accountPattern(c.account); {
	case pattern == "":
		return ""
	case s.naming.accounts[c.account]:
		return withAccount(pattern, c, c.account)
	case account != "":
		return withAccount(pattern, c, account)
	}
	return pattern
}

// mentions is what the policies name.
type mentions struct {
	accounts, arns, names, services, users map[string]bool
	globs                                  []namedPattern // of ARNs
	servicePatterns, namePatterns          []namedPattern
	accountPatterns                        []namedPattern // of conditions on the account, and in those of ARNs
	idPatterns                             []namedPattern // of aws:userid
}

// namedPattern is a pattern with the text that reports name those by whom it matches.
type namedPattern struct {
	*glob.Matcher
	text string
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
			if p := v.pattern(); p != nil && !v.plain && facts.KeySays(c.key.lower) == facts.CallerAccount {
				n.accountPatterns = append(n.accountPatterns, namedPattern{glob.NewMatcher(p), v.text})
			}
			switch {
			case v.bad || c.op.family != familyString && c.op.family != familyARN || v.pieces != nil:
			case facts.KeySays(c.key.lower) == facts.CallerARN:
				n.arns[v.text] = true
				if v.pat != nil {
					n.globs = append(n.globs, namedPattern{glob.NewMatcher(v.pat), v.named})
					if parts := strings.SplitN(v.text, ":", 6); len(parts) >= 5 && strings.Trim(parts[4], "?*") != "" && strings.ContainsAny(parts[4], "*?") {
						n.accountPatterns = append(n.accountPatterns, namedPattern{glob.NewMatcher(glob.New(glob.Chars(parts[4]))), parts[4]})
					}
				}
			case c.key.lower == keyUserName && v.plain:
				n.names[v.text] = true
			case c.key.lower == keyUserName && v.pat != nil:
				n.namePatterns = append(n.namePatterns, namedPattern{glob.NewMatcher(v.pat), v.text})
			case c.key.lower == keyUserID && v.pattern() != nil:
				n.idPatterns = append(n.idPatterns, namedPattern{glob.NewMatcher(v.pattern()), v.text})
			case namesServices(c.key.lower) && v.plain:
				n.services[v.text] = true
			case namesServices(c.key.lower) && v.pat != nil:
				n.servicePatterns = append(n.servicePatterns, namedPattern{glob.NewMatcher(v.pat), v.text})
			}
		}
	})
	s.naming = n
}
