package access

import (
	"strings"

	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// level is how far an Allow goes.
// It is what makes a key policy unlike other resource policies: the account as a principal does not allow its
// users anything by itself, it lets their identity policies count. Without such a statement identity policies have
// no effect on the key.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
type level uint8

const (
	none      level = iota
	delegated       // with an identity policy
	direct          // by itself
)

// principalLook is what a principal's text may represent beyond one name.
type principalLook struct {
	wild  bool         // it has a wildcard inside, or a part that is still to be filled in
	open  glob.Pattern // of the latter: the text with a star for each such part
	whole bool         // nothing is known of it
	every bool         // it may be "*": a Deny of it may spare what is accused
}

func (m *model) lookAt(p *policy.Principal) principalLook {
	if p.Parts == nil {
		return principalLook{wild: p.HasWildcard()}
	}
	text := m.glob(p.Parts)
	look := principalLook{wild: true, open: glob.New(glob.Chars(text)), whole: strings.Trim(text, "*") == ""}
	if arn := arnPattern(glob.Chars(text)); arn != nil && strings.HasPrefix(text, "arn:") { // a part of an ARN has no colon
		look.open = arn
	}
	return look
}

// matchPrincipal reports whether an entry of Principal represents a caller, and how far an Allow of it goes.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
// A role as principal allows its sessions directly, and a session's ARN one session. Federated and CanonicalUser
// are documented for other services and not for KMS; whom they match here is therefore unknown.
func (m *model) matchPrincipal(p *policy.Principal, look principalLook, c *caller) (tri, level) {
	return m.matchWritten(p, look, &writtenCaller{caller: c})
}

// writtenCaller is a caller with its ARNs, which are written once for all principals with a wildcard.
type writtenCaller struct {
	*caller
	root, signs, principal string // of its account, of who signs, and of aws:PrincipalArn; "" till they are asked
}

func (m *model) matchWritten(p *policy.Principal, look principalLook, c *writtenCaller) (tri, level) {
	if p.Kind == policy.Anyone {
		return yes, direct
	}
	if look.open != nil {
		return m.matchOpen(p.Element, look, c.caller), direct
	}
	if c.kind == callerService {
		switch {
		case p.Kind != policy.Service:
			return no, none
		case look.wild || p.Text == "*":
			return truth(glob.FoldGlob(p.Text).Match(c.name)).and(maybe), direct
		}
		return truth(p.Text == c.name), direct
	}
	switch p.Kind {
	case policy.Federated, policy.CanonicalUser:
		return truth(c.kind == callerSession || c.kind == callerFederated).and(maybe), direct
	case policy.UniqueID, policy.Group, policy.Service, policy.Unknown, policy.Anyone:
		return no, none // deleted, or no principal of a key policy
	case policy.Account, policy.User, policy.Role, policy.Session, policy.FederatedUser, policy.OtherARN:
	}
	if look.wild {
		return m.matchWildcard(p, c), direct
	}
	if p.Account != c.account || p.Partition != "" && p.Partition != c.partition {
		return no, none
	}
	switch p.Kind {
	case policy.Account:
		if c.kind == callerRoot {
			return yes, direct
		}
		return yes, delegated
	case policy.User: // a federated user's session represents the user of its name too
		same := c.kind == callerUser && p.NamePath == c.path || c.kind == callerFederated
		return truth(same && p.Name == c.name), direct
	case policy.Role:
		return truth(c.kind == callerSession && p.NamePath == c.path && p.Name == c.name), direct
	case policy.Session:
		return truth(c.kind == callerSession && p.Name == c.name && p.Session == c.session), direct
	case policy.FederatedUser:
		return truth(c.kind == callerFederated && p.Name == c.name), direct
	case policy.Anyone, policy.Service, policy.Federated, policy.CanonicalUser, policy.UniqueID, policy.Group, policy.OtherARN, policy.Unknown:
	}
	return no, none
}

// matchWildcard: KMS refuses a wildcard in a principal, so what it would match is not known.
func (m *model) matchWildcard(p *policy.Principal, c *writtenCaller) tri {
	if c.signs == "" {
		c.root, c.signs, c.principal = policy.AccountARN(c.partition, c.account), c.arn(), c.principalARN()
	}
	account := p.Kind == policy.Account && glob.Match(p.Text, c.root)
	return truth(account || glob.Match(p.Text, c.signs) || c.signs != c.principal && glob.Match(p.Text, c.principal)).and(maybe)
}

// matchOpen: nobody knows whom a principal will name that is still to be filled in, but for what is written of it.
func (m *model) matchOpen(element string, look principalLook, c *caller) tri {
	is := look.open.Match
	switch {
	case m.env.outsiders && !look.every:
		return no // it is one principal, and KMS takes no wildcard
	case c.kind == callerService:
		return truth((element == "Service" || element == "") && is(c.name)).and(maybe)
	case element == "Service":
		return no
	case element != "AWS" && element != "":
		return truth(c.kind == callerSession || c.kind == callerFederated).and(maybe)
	}
	named := is(c.arn()) || is(c.principalARN()) || is(c.account) || is(policy.AccountARN(c.partition, c.account))
	if c.kind == callerFederated { // by the user of its name
		named = named || is(c.iamARN("user/"+c.name))
	}
	return truth(named).and(maybe)
}
