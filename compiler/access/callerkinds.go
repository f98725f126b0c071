package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// A role never sends a request: a session of it does, and policies can name either. `role/app` as a principal
// represents each of its sessions, `assumed-role/app/ci` for one. So each role has a session that nothing names,
// and one for each session that something does; both are of the same aws:PrincipalArn, which is the role's.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-role-session
func (s *callerSet) addSessions(account string) {
	prefix := "arn:" + s.partition + ":iam::" + account + ":role/"
	var literals []string
	patterns := append(alive(s.globs, prefix), alive(s.wild, prefix)...)
	sessions := s.wildSessions(account)
	literals = append(literals, sortedKeys(sessions)...)
	if len(sessions) > 0 && len(selective(patterns, prefix)) > 0 && len(selective(s.wild, s.sessionPrefix(account))) > 0 {
		s.exact = false // which names match both is not looked for
	}
	for _, p := range s.principals {
		if p.Account != account || p.HasWildcard() {
			continue
		}
		switch p.Kind {
		case policy.Role:
			literals = append(literals, p.NamePath+p.Name)
		case policy.Session:
			for _, path := range s.paths(caller{kind: callerSession, account: account, name: p.Name}) {
				literals = append(literals, path+p.Name)
			}
			if callerName.MatchString(p.Session) && !slices.Contains(sessions[p.Name], p.Session) { // an ARN without one names nobody
				sessions[p.Name] = append(sessions[p.Name], p.Session)
			}
		case policy.Anyone, policy.Account, policy.User, policy.FederatedUser, policy.Service, policy.Federated, policy.CanonicalUser,
			policy.UniqueID, policy.Group, policy.OtherARN, policy.Unknown:
		}
	}
	literals = append(literals, s.literalTails(prefix)...)
	isMisplaced := func(tail string) bool {
		path, name := cutName(tail)
		return misplaced(&caller{path: path, name: name})
	}
	literals = slices.DeleteFunc(literals, isMisplaced)
	tails, _ := withoutMisplaced(glob.Exact(prefix), patterns, isMisplaced, func(patterns []glob.Pattern) ([]string, bool) {
		return s.tailNames(prefix, literals, patterns), true
	})
	for _, tail := range tails {
		path, name := cutName(tail)
		fresh := freshSession
		for slices.Contains(sessions[name], fresh) {
			fresh += "-x"
		}
		s.add(caller{kind: callerSession, account: account, path: path, name: name, session: fresh, anySession: true})
		for _, session := range sessions[name] {
			s.add(caller{kind: callerSession, account: account, path: path, name: name, session: session})
		}
	}
}

// wildSessions gives sessions, by role, that principals with a wildcard distinguish from others.
// KMS refuses a wildcard in a principal's ARN, so such a principal matches maybe and never surely. Its sessions
// are classes all the same: documents that come from elsewhere are compared and explained too. It is held against
// the ARN that signs, in which a role has no path.
func (s *callerSet) wildSessions(account string) map[string][]string {
	sessions := map[string][]string{}
	prefix := s.sessionPrefix(account)
	patterns := alive(s.wild, prefix)
	if len(patterns) == 0 {
		return sessions
	}
	domain := glob.Concat(glob.Exact(prefix), glob.OneOrMore(nameChars), glob.Exact("/"), glob.OneOrMore(nameChars))
	search := s.classes
	search.Patterns = patterns
	for _, f := range s.find(search, domain, nil) {
		name, session, _ := strings.Cut(strings.TrimPrefix(f, prefix), "/")
		sessions[name] = append(sessions[name], session)
	}
	return sessions
}

func (s *callerSet) sessionPrefix(account string) string {
	return "arn:" + s.partition + ":sts::" + account + ":assumed-role/"
}

// A federated user is also reached by the name of the user who called GetFederationToken, which a policy names as
// a user.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
func (s *callerSet) addFederated(account string) {
	prefix := "arn:" + s.partition + ":sts::" + account + ":federated-user/"
	var literals []string
	for _, p := range s.principals {
		if (p.Kind == policy.User || p.Kind == policy.FederatedUser) && p.Account == account && !p.HasWildcard() {
			literals = append(literals, p.Name)
		}
	}
	literals = append(literals, s.literalTails(prefix)...)
	patterns := append(alive(s.globs, prefix), alive(s.wild, prefix)...)
	for _, name := range s.federatedNames(account) {
		if text, ok := name.Literal(); ok {
			literals = append(literals, text)
		} else {
			patterns = append(patterns, glob.Concat(glob.Exact(prefix), name))
		}
	}
	for _, name := range s.tailNames(prefix, literals, patterns) {
		if callerName.MatchString(name) { // a federated user has no path
			s.add(caller{kind: callerFederated, account: account, name: name})
		}
	}
}

// federatedNames are the names that conditions on aws:userid ask for, which is the account and the name for a federated user.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
func (s *callerSet) federatedNames(account string) []glob.Pattern {
	var list []glob.Pattern
	some := glob.Concat(glob.OneOrMore(nameChars))
	for _, id := range s.idGlobs {
		s.classes.Meter.Take(glob.StepPattern * (len(account) + 1))
		for _, name := range id.After(account + ":") {
			if glob.Intersect(name, some) {
				list = append(list, name)
			}
		}
	}
	return list
}

// otherService is a service that the policies do not name.
func otherService(named []string) string {
	for _, p := range facts.ServicePrincipals() {
		if isServiceName(p.Name) && !slices.Contains(named, p.Name) {
			return p.Name
		}
	}
	return "any-service.amazonaws.com"
}

// A pattern on the service's name finds invented services, such as "a0.amazonaws.com". Where AWS has one that the
// patterns do not distinguish from it, that is taken: a witness that a reader can look up convinces, an invented name
// does not.
func (s *callerSet) addServices() {
	literals := slices.Clone(s.services)
	for _, p := range s.principals {
		if p.Kind == policy.Service {
			literals = append(literals, p.Text)
		}
	}
	s.otherService = otherService(literals)
	literals = append(literals, s.otherService)
	domain := glob.Concat(glob.OneOrMore(lowerDigits+"-"), glob.Exact("."), glob.OneOrMore(lowerDigits+"-."))
	search := s.classes
	search.Patterns = s.svcGlobs
	list := s.find(search, domain, literals)
	for _, name := range list {
		s.add(caller{kind: callerService, name: s.realService(name, literals)})
	}
}

// realService is a service that there is and that the patterns do not distinguish from one that was found for them, if there is one.
func (s *callerSet) realService(found string, literals []string) string {
	if slices.Contains(literals, found) {
		return found
	}
	for _, p := range facts.ServicePrincipals() {
		name := strings.Replace(p.Name, "REGION", exampleRegion, 1)
		distinguishes := func(g glob.Pattern) bool { return g.Match(name) != g.Match(found) }
		if isServiceName(name) && !slices.Contains(literals, name) && !slices.ContainsFunc(s.svcGlobs, distinguishes) {
			return name
		}
	}
	return found
}
