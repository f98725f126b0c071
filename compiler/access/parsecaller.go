package access

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

var callerName = regexp.MustCompile(`^[\w+=,.@-]{1,128}$`)

var callerPath = regexp.MustCompile(`^([!-.0-~]+/)*$`)

func refuse(format string, args ...any) error {
	return &RequestError{Message: fmt.Sprintf(format, args...)}
}

// parseCaller reads a principal as `simulate` takes it. There are several callers where a session's ARN leaves open which
// path its role has.
// It is more lenient than a policy's principal, since a person types it, and stricter: only what can sign a
// request is taken. A group or an instance profile is a thing of IAM that never does.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/intro-structure.html
func (m *model) parseCaller(text string) ([]caller, error) {
	if arn, ok := policy.ParseARN(text); ok {
		return m.parseARNCaller(text, arn)
	}
	kind, name, named := strings.Cut(text, "/")
	switch {
	case text == "root", named && (kind == "user" || kind == "role"):
		if m.env.Account == "" {
			return nil, refuse("The key's account is not known, so %q could be in any: write the whole ARN, or give the account.", text)
		}
		return m.parseARNCaller(text, policy.ARN{Partition: m.partition, Service: "iam", Account: m.env.Account, Resource: text})
	case isServiceName(text):
		return []caller{{kind: callerService, partition: m.partition, name: text}}, nil
	case name == "" && text == "*":
		return nil, refuse(`"*" is not a caller: name one, for example user/NAME, role/NAME or an ARN.`)
	}
	return nil, refuse("%q is not a principal that can make a request: write an ARN (user, role, role session, federated user or root), user/NAME, role/NAME, root or a service's name.", text)
}

func (m *model) parseARNCaller(text string, arn policy.ARN) ([]caller, error) {
	p := policy.ReadPrincipal("AWS", arn.String(), nil)
	c := caller{partition: arn.Partition, account: arn.Account, path: p.NamePath, name: p.Name, session: p.Session}
	if !policy.IsAccountID(arn.Account) {
		return nil, refuse("%q names no account: an account ID has 12 digits.", text)
	}
	if arn.Partition != m.partition {
		return nil, refuse("%q is in partition %q and the key in %q, which it cannot reach.", text, arn.Partition, m.partition)
	}
	switch p.Kind {
	case policy.Account:
		c.kind = callerRoot
		return []caller{c}, nil
	case policy.User:
		c.kind = callerUser
	case policy.Role:
		c.kind, c.session, c.anySession = callerSession, m.freshSessionName(), true
	case policy.Session:
		c.kind = callerSession
	case policy.FederatedUser:
		c.kind = callerFederated
	case policy.Anyone, policy.Service, policy.Federated, policy.CanonicalUser, policy.UniqueID, policy.Group, policy.OtherARN, policy.Unknown:
		return nil, refuse("%q is not a principal that can make a request: it names no user, role, role session, federated user or root.", text)
	}
	if !callerName.MatchString(c.name) || !callerPath.MatchString(c.path) || p.Kind == policy.Session && !callerName.MatchString(c.session) {
		return nil, refuse("%q has a name that IAM does not allow.", text)
	}
	if r, bad := facts.MisplacedRole(c.path, c.name); bad && p.Kind == policy.Role {
		return nil, refuse("There is no role %q: a role of %s has the path in its ARN, as in role/%s%s.", text, r.Maker, r.RightPath(), c.name)
	}
	if p.Kind == policy.Session {
		return m.withPaths(c), nil
	}
	return []caller{c}, nil
}

// freshSessionName is a session name that the policy does not mention.
func (m *model) freshSessionName() string {
	if m.fresh == "" {
		m.fresh = freshSession
		for m.mentionsSession(m.fresh) {
			m.fresh += "-x"
		}
	}
	return m.fresh
}

func (m *model) mentionsSession(name string) bool {
	named := func(p policy.Principal) bool { return p.Session == name }
	return slices.ContainsFunc(m.doc.Statements, func(st policy.Statement) bool {
		return slices.ContainsFunc(st.Principals, named) || slices.ContainsFunc(st.NotPrincipals, named)
	})
}

// withPaths gives a session each path that its role can have: the policy's own, as a role's name is unique in its
// account; that of roles that AWS makes; else none, or one that a pattern of the policy names.
// The ARN of a session has the role's name and not its path, and conditions on aws:PrincipalArn see the path. The
// name is unique in the account, so the path that the policy has for it is the right one if there is one.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
func (m *model) withPaths(c caller) []caller {
	paths := m.rolePaths(c)
	if len(paths) == 0 {
		paths = reservedPaths(c.name, m.env.Region)
	}
	if len(paths) == 0 {
		paths = append([]string{""}, m.patternPaths(c)...)
	}
	var list []caller
	for _, p := range paths {
		c.path = p
		list = append(list, c)
	}
	return list
}
