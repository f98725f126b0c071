package access

import (
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// callerKind is what signs a request. A role never signs; its sessions do.
type callerKind uint8

const (
	callerRoot callerKind = iota
	callerUser
	callerSession
	callerFederated
	callerService
)

// caller is who makes a request.
type caller struct {
	kind      callerKind
	partition string
	account   string // "" for services
	path      string // of the user or the role: "" or "a/b/"
	name      string // of the user, the role, the federated user or the service
	session   string

	anySession bool // represents a session whose name no policy mentions
}

// freshSession is the name of a session that represents all that no policy mentions.
const freshSession = "any-session"

// serviceAccount represents the account, unknown to AWS's customers, in which a service calls.
const serviceAccount = "000000000000"

// arn is the ARN that signs: for a role, its session's.
func (c caller) arn() string {
	switch c.kind {
	case callerRoot:
		return policy.AccountARN(c.partition, c.account)
	case callerUser:
		return c.iamARN("user/" + c.path + c.name)
	case callerSession:
		return c.stsARN("assumed-role/" + c.name + "/" + c.session)
	case callerFederated:
		return c.stsARN("federated-user/" + c.name)
	case callerService:
	}
	return c.name
}

func (c caller) iamARN(resource string) string {
	return "arn:" + c.partition + ":iam::" + c.account + ":" + resource
}

func (c caller) stsARN(resource string) string {
	return "arn:" + c.partition + ":sts::" + c.account + ":" + resource
}

// principalARN is the value of aws:PrincipalArn: of a session, its role's ARN.
func (c caller) principalARN() string {
	if c.kind == callerSession {
		return c.iamARN("role/" + c.path + c.name)
	}
	return c.arn()
}

// reported is how witnesses and tables name the caller: a session by its role where any session would do, unless the
// role has a path, which the session's ARN does not show.
func (c caller) reported() string {
	if c.kind == callerSession && c.anySession {
		return c.principalARN()
	}
	return c.arn()
}

// derived gives the values that a key can have for the caller; nil is absent. There is more than one choice where AWS
// does not document it. ok is false for keys that do not follow from the caller.
func (c caller) derived(lower string) (choices [][]string, ok bool) {
	one := func(v string) ([][]string, bool) { return [][]string{{v}}, true }
	absent := [][]string{nil}
	service := c.kind == callerService
	switch facts.KeySays(lower) {
	case facts.CallerARN:
		if service {
			return [][]string{nil, {"arn:" + c.partition + ":iam::" + serviceAccount + ":root"}}, true
		}
		return one(c.principalARN())
	case facts.CallerAccount:
		if service {
			return [][]string{nil, {serviceAccount}}, true
		}
		return one(c.account)
	case facts.CallerType:
		if service {
			return [][]string{nil, {"AWSService"}}, true
		}
		return one([...]string{"Account", "User", "AssumedRole", "FederatedUser"}[c.kind])
	case facts.CallerName:
		if c.kind == callerUser {
			return one(c.name)
		}
		return absent, true
	case facts.CallerIsService:
		if service {
			return one("true")
		}
		return one("false")
	case facts.CallerService:
		switch {
		case !service:
			return absent, true
		case keyNamed(lower).multi: // the list has the name for each Region too
			return [][]string{{c.name}, {c.name, "*regional*" + c.name}}, true
		}
		return one(c.name)
	}
	return nil, false
}

// kindName is the kind as reports and facts write it.
func (c caller) kindName() string {
	return [...]string{"root_user", "user", "role", "federated_user", "service"}[c.kind]
}

func isServiceName(text string) bool {
	return strings.Contains(text, ".") && !strings.ContainsAny(text, ":/* ") && strings.ToLower(text) == text
}
