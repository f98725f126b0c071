package access

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// callerSet finds one caller for every way in which callers can match the policies' principals and conditions.
// A caller is one point, not a value of each of its keys: aws:PrincipalArn, aws:PrincipalAccount, aws:username and
// the principal of a statement are all about the same caller and cannot vary freely. So the keys that follow from
// the caller are not dimensions of the space; they are evaluated once for each caller.
type callerSet struct {
	partition string
	classes   glob.Search // how classes of strings are looked for
	exact     bool

	afterInexact int // see find

	accounts   []string
	principals []policy.Principal
	globs      []glob.Pattern // on aws:PrincipalArn
	wild       []glob.Pattern // principals with a wildcard
	arns       []string       // literals there
	accGlobs   []glob.Pattern // on the account
	nameGlobs  []glob.Pattern // on aws:username
	names      []string       // literals there
	idGlobs    []glob.Pattern // on aws:userid
	svcGlobs   []glob.Pattern // on the service's name
	services   []string

	otherService string                  // one that the policies do not name
	paths        func(c caller) []string // that a role can have of which a policy names a session

	fresh string // the name of a user, a role or a federated user that no policy mentions
	list  []caller
	seen  map[caller]bool

	variableARNs bool // conditions compare aws:PrincipalArn with a variable

	conds  int
	groups map[*glob.Token]int // of a pattern, by its first token: the condition that it is of
	tails  map[string][]string // what tailNames found, by what is left of the patterns

	identities map[*glob.Token]int
	contents   map[string]int
}

// freshNames may be the name of a user, a role or a federated user that no policy mentions.
// They differ in what common patterns ask for: a lower-case word, one with a dash, a digit and a capital.
func freshNames() []string { return []string{"anyone", "someone", "nobody-known", "0", "Z"} }

// chooseFresh takes the name that the fewest patterns on names distinguish from others.
// The fresh name represents everyone whom nobody names. If a pattern such as "*one" happened to match "anyone",
// this class would be the one that the pattern lets in, and "whoever is not named" would be answered by it.
func (s *callerSet) chooseFresh() {
	least := -1
	for _, name := range freshNames() {
		matched := 0
		count := func(g glob.Pattern, text string) {
			if g.Match(text) {
				matched++
			}
		}
		for _, g := range s.nameGlobs {
			count(g, name)
		}
		for _, a := range append(slices.Clone(s.accounts), freshAccount(s.accounts)) {
			for _, g := range slices.Concat(s.globs, s.wild) {
				c := caller{kind: callerUser, partition: s.partition, account: a, name: name}
				count(g, c.arn())
				c.kind = callerSession
				count(g, c.principalARN())
			}
		}
		if least < 0 || matched < least {
			s.fresh, least = name, matched
		}
	}
}

func (s *callerSet) collectCondition(c *condition) { s.collectAs(c.key.lower, c) }

// collectAs takes a condition's values in as if it were one on the key.
// Values without a wildcard are collected apart from patterns: a literal is its own representative, and only
// patterns need a search for texts that match some and not others.
func (s *callerSet) collectAs(lower string, c *condition) {
	s.conds++
	says := facts.KeySays(lower)
	for i := range c.values {
		v := &c.values[i]
		if v.pieces != nil && says == facts.CallerARN {
			s.variableARNs = true
		}
		pat := v.pat
		if v.open && v.could != nil {
			pat = v.could
		} else if v.bad {
			continue
		}
		if c.op.family == familyNumeric && says == facts.CallerAccount {
			s.addAccount(v.text)
		}
		if c.op.family != familyString && c.op.family != familyARN || v.pieces != nil {
			continue
		}
		if len(pat) > 0 {
			s.groups[&pat[0]] = s.conds
		}
		text, literal := v.text, v.plain
		if !literal {
			text, literal = pat.Literal()
		}
		switch says {
		case facts.CallerARN:
			if literal {
				s.arns = append(s.arns, text)
			} else {
				s.globs = append(s.globs, pat)
			}
		case facts.CallerAccount:
			if literal {
				s.addAccount(text)
			} else {
				s.accGlobs = append(s.accGlobs, pat)
			}
		case facts.CallerName:
			if literal {
				s.names = append(s.names, text)
			} else {
				s.nameGlobs = append(s.nameGlobs, pat)
			}
		case facts.CallerID:
			if literal {
				pat = glob.Exact(text)
			}
			s.idGlobs = append(s.idGlobs, pat)
		case facts.CallerService:
			if literal {
				s.services = append(s.services, text)
			} else {
				s.svcGlobs = append(s.svcGlobs, pat)
			}
		}
	}
}

func (s *callerSet) addAccount(text string) {
	if policy.IsAccountID(text) && !slices.Contains(s.accounts, text) {
		s.accounts = append(s.accounts, text)
	}
}

func (s *callerSet) add(c caller) {
	c.partition = s.partition
	if !s.seen[c] {
		s.seen[c] = true
		s.list = append(s.list, c)
	}
}

// build lists the callers.
func (s *callerSet) build() {
	s.seen, s.exact = map[caller]bool{}, true
	for _, list := range [][]string{s.arns, s.names, s.services, s.accounts} {
		slices.Sort(list) // in whatever order the policy has them
	}
	for _, a := range s.arns {
		for _, id := range accountsIn(a) {
			s.addAccount(id)
		}
	}
	s.chooseFresh()
	for _, account := range s.allAccounts() {
		s.add(caller{kind: callerRoot, account: account})
		s.addUsers(account)
		s.addSessions(account)
		s.addFederated(account)
	}
	s.addServices()
}

// aws:username is the name without the path, and the ARN has the path: `user/ops/eve` and `user/eve` have the same
// name and are two users. Where nothing looks at ARNs, one of them represents both.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-friendly-names
func (s *callerSet) addUsers(account string) {
	prefix := "arn:" + s.partition + ":iam::" + account + ":user/"
	literals := slices.Clone(s.names)
	for _, p := range s.principals {
		if p.Kind == policy.User && p.Account == account && !p.HasWildcard() {
			literals = append(literals, p.NamePath+p.Name)
		}
	}
	literals = append(literals, s.literalTails(prefix)...)
	patterns := append(alive(s.globs, prefix), alive(s.wild, prefix)...)
	paths := len(patterns) > 0 || s.variableARNs // they distinguish a user in a path from one of the same name in none
	for _, g := range s.nameGlobs {
		inName := withoutSlash(g)
		patterns = append(patterns, glob.Concat(glob.Exact(prefix), inName))
		if paths {
			patterns = append(patterns, glob.Concat(glob.Exact(prefix), glob.ZeroOrMore(pathChars), glob.Exact("/"), inName))
		}
	}
	if paths {
		for _, name := range s.names {
			patterns = append(patterns, glob.Concat(glob.Exact(prefix), glob.ZeroOrMore(pathChars), glob.Exact("/"+name)))
		}
	}
	for _, tail := range s.tailNames(prefix, literals, patterns) {
		path, name := cutName(tail)
		s.add(caller{kind: callerUser, account: account, path: path, name: name})
	}
}
