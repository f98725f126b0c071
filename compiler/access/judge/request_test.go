package judge_test

import (
	"maps"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access"
)

type kind uint8

const (
	root kind = iota
	user
	session
	federated
	service
)

// caller is who signs a request.
type caller struct {
	kind    kind
	account string
	path    string // of a user or role: "" or "team/"
	name    string
	session string
	service string
}

func (c caller) arn() string {
	switch c.kind {
	case root:
		return "arn:aws:iam::" + c.account + ":root"
	case user:
		return "arn:aws:iam::" + c.account + ":user/" + c.path + c.name
	case session:
		return "arn:aws:sts::" + c.account + ":assumed-role/" + c.name + "/" + c.session
	case federated:
		return "arn:aws:sts::" + c.account + ":federated-user/" + c.name
	case service:
	}
	return c.service
}

func (c caller) roleARN() string { return "arn:aws:iam::" + c.account + ":role/" + c.path + c.name }

// request is one request to the key. Its context has lower-case names, and lacks what follows from the caller.
type request struct {
	caller  caller
	action  string
	context map[string][]string
}

// lookup gives a key's values, none where it is absent. It is false where AWS's pages do not say what the key has.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func (r *request) lookup(key string) (values []string, known bool) {
	c := r.caller
	one := func(v string) ([]string, bool) { return []string{v}, true }
	if c.kind == service {
		switch key {
		case "aws:principalarn", "aws:principalaccount", "kms:calleraccount", "aws:principaltype", "aws:userid", "aws:principalservicenameslist":
			return nil, false
		}
	}
	switch key {
	case "aws:principalarn":
		if c.kind == session {
			return one(c.roleARN())
		}
		return one(c.arn())
	case "aws:principalaccount", "kms:calleraccount":
		return one(c.account)
	case "aws:principaltype":
		return one([]string{"Account", "User", "AssumedRole", "FederatedUser"}[c.kind])
	case "aws:principalisawsservice":
		return one(map[bool]string{true: "true", false: "false"}[c.kind == service])
	case "aws:principalservicename":
		if c.kind == service {
			return one(c.service)
		}
		return nil, true
	case "aws:principalservicenameslist":
		return nil, true
	case "aws:username":
		if c.kind == user {
			return one(c.name)
		}
		return nil, true
	}
	return r.context[key], true
}

// documented reports whether AWS's pages agree that such a caller sends the keys of the request.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcearn
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-copy-trail-to-lake-eds.html
func (r *request) documented() bool {
	return r.caller.kind == service || r.context["aws:sourceaccount"] == nil && r.context["aws:sourcearn"] == nil
}

// asked is the request as the engine takes it. Of the key's properties, those that are not in its context are absent: to the engine, one
// that a request does not give is not known.
func (r *request) asked(properties ...string) access.Request {
	context := maps.Clone(r.context)
	if context == nil {
		context = map[string][]string{}
	}
	for _, key := range properties {
		if _, given := context[key]; !given {
			context[key] = nil
		}
	}
	if r.caller.kind == session {
		context["aws:PrincipalArn"] = []string{r.caller.roleARN()} // a session's own ARN does not show the path
	}
	return access.Request{Principal: r.caller.arn(), Action: r.action, Context: context}
}

func (r *request) String() string {
	var b strings.Builder
	b.WriteString(r.caller.arn() + " " + r.action)
	if r.caller.kind == session && r.caller.path != "" {
		b.WriteString(" (role " + r.caller.roleARN() + ")")
	}
	for _, key := range slices.Sorted(maps.Keys(r.context)) {
		b.WriteString("\n    " + key + "=" + strings.Join(quoted(r.context[key]), ","))
	}
	return b.String()
}
