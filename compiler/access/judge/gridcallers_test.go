package judge_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// parseCaller reads an IAM ARN of a user or role.
func parseCaller(arn string) (caller, bool) {
	part := strings.SplitN(arn, ":", 6)
	if len(part) != 6 || part[0] != "arn" || part[1] != "aws" || !accountID(part[4]) {
		return caller{}, false
	}
	kindText, rest, _ := strings.Cut(part[5], "/")
	at := strings.LastIndex(rest, "/") + 1
	c := caller{account: part[4], path: rest[:at], name: rest[at:], session: "s1"}
	switch {
	case part[2] == "iam" && part[5] == "root":
		return caller{kind: root, account: part[4]}, true
	case part[2] == "sts" && kindText == "assumed-role" && strings.Count(rest, "/") == 1:
		return caller{kind: session, account: part[4], name: rest[:at-1], session: rest[at:]}, at > 1 && at < len(rest) && letters(rest, "/_+=,.@-")
	case part[2] == "sts" && kindText == "federated-user":
		return caller{kind: federated, account: part[4], name: rest}, letters(rest, "_+=,.@-") && rest != ""
	case part[2] == "iam" && kindText == "user":
		c.kind, c.session = user, ""
	case part[2] == "iam" && kindText == "role":
		c.kind = session
	default:
		return caller{}, false
	}
	return c, c.name != "" && letters(c.path, "/_+=,.@-") && letters(c.name, "_+=,.@-") && !strings.Contains(c.path, "//") && !strings.HasPrefix(c.path, "/")
}

// everyone are the callers that the policies name or match, and others. A role's name has one path in an account.
func (g *grid) everyone() []caller {
	var list []caller
	add := func(arn string) {
		if c, ok := parseCaller(arn); ok {
			list = append(list, c)
		}
	}
	for _, arn := range slices.Concat(ownPrincipals, otherPrincipals) {
		add(arn)
	}
	for _, p := range g.policies {
		for _, st := range p.statements {
			for _, e := range st.principals {
				if id, ok := accountOf(e.text); ok {
					add("arn:aws:iam::" + id + ":root")
				}
				add(e.text)
				if e.kind == "Service" && !strings.Contains(e.text, "*") {
					list = append(list, caller{kind: service, service: e.text})
				}
			}
			for _, c := range st.conditions {
				for _, v := range c.values {
					g.lookFor(c.key, v, add, func(name string) {
						if _, _, ok := facts.LookupServicePrincipal(name); ok {
							list = append(list, caller{kind: service, service: name})
						}
					})
					for _, fill := range []string{"", "x", "app", "us-east-1", partner, owner, fresh} {
						if c.key == "aws:principalarn" {
							v := strings.NewReplacer("*", fill, "?", "q", "${aws:PrincipalAccount}", owner, "${aws:username}", "zed").Replace(v)
							if c, ok := parseCaller(v); ok && (c.kind != session || strings.HasPrefix(v, "arn:aws:iam:")) {
								list = append(list, c)
							}
						}
					}
				}
			}
		}
	}
	list = append(list,
		caller{kind: user, account: owner, name: "zed"}, caller{kind: session, account: owner, name: "fresh", session: "s9"}, caller{kind: session, account: owner, path: "svc/", name: "worker", session: "s1"},
		caller{kind: session, account: owner, path: "aws-reserved/sso.amazonaws.com/", name: "AWSReservedSSO_Read_fedcba9876543210", session: "alice@example.com"},
		caller{kind: session, account: owner, path: "aws-reserved/sso.amazonaws.com/eu-west-1/", name: "AWSReservedSSO_Admin_0a0a0a0a0a0a0a0a", session: "alice@example.com"},
		caller{kind: session, account: owner, path: "aws-service-role/rds.amazonaws.com/", name: "AWSServiceRoleForRDS", session: "s1"},
		caller{kind: federated, account: owner, name: "zed"}, caller{kind: root, account: fresh}, caller{kind: user, account: fresh, name: "zed"},
		caller{kind: session, account: fresh, name: "app", session: "s1"}, caller{kind: user, account: partner, name: "zed"}, caller{kind: root, account: partner},
		caller{kind: session, account: partner, name: "fresh", session: "s9"}, caller{kind: session, account: owner, name: "app", session: "s2"},
		caller{kind: service, service: "sns.amazonaws.com"}, caller{kind: service, service: "events.amazonaws.com"})
	paths := map[string]string{}
	for _, arn := range slices.Concat(ownPrincipals, otherPrincipals) {
		if c, ok := parseCaller(arn); ok && c.kind == session && strings.HasPrefix(arn, "arn:aws:iam:") {
			paths[c.account+c.name] = c.path
		}
	}
	for i := range list { // sessions that a policy names are of the role with that name
		if path, ok := paths[list[i].account+list[i].name]; ok && list[i].kind == session && list[i].path == "" {
			list[i].path = path
		}
	}
	list = slices.DeleteFunc(list, func(c caller) bool {
		path, ok := paths[c.account+c.name]
		return c.kind == session && (ok && path != c.path || strings.HasPrefix(c.name, "AWSReservedSSO_") != strings.HasPrefix(c.path, "aws-reserved/sso.amazonaws.com/") ||
			strings.HasPrefix(c.name, "AWSServiceRoleFor") != strings.HasPrefix(c.path, "aws-service-role/") || reserved(c) && !reservedForm(c))
	})
	slices.SortFunc(list, func(a, b caller) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return slices.Compact(list)
}

// lookFor adds the users, sessions and services that a value of a condition names or matches.
func (g *grid) lookFor(key, v string, add func(arn string), service func(name string)) {
	for _, fill := range []string{"", "x", "lice"} {
		v := strings.NewReplacer("${aws:ResourceAccount}", owner, "*", fill, "?", "q").Replace(v)
		switch key {
		case "aws:username":
			for _, account := range []string{owner, partner} {
				add("arn:aws:iam::" + account + ":user/" + v)
				add("arn:aws:iam::" + account + ":user/team/" + v)
			}
		case "aws:userid":
			if _, name, ok := strings.Cut(v, ":"); ok {
				add("arn:aws:sts::" + owner + ":assumed-role/app/" + name)
				add("arn:aws:sts::" + owner + ":assumed-role/fresh/" + name)
				add("arn:aws:sts::" + owner + ":federated-user/" + name)
			}
		case "aws:principalservicename":
			service(v)
		}
	}
}

func reserved(c caller) bool { return strings.HasPrefix(c.path, "aws-") }

// reservedForm reports whether a role under a path that AWS reserves is one that AWS makes.
func reservedForm(c caller) bool {
	full := c.path + c.name
	return matchAny(full, "aws-reserved/sso.amazonaws.com/AWSReservedSSO_?*_????????????????", "aws-reserved/sso.amazonaws.com/us-east-1/AWSReservedSSO_?*_????????????????",
		"aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_?*_????????????????") ||
		full == strings.TrimPrefix(slrRole, "arn:aws:iam::111122223333:role/") || full == "aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS"
}
