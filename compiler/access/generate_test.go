package access

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
)

// generator makes random policies and requests over a small world, so that both meet often.
type generator struct{ *rand.Rand }

func pick[T any](g generator, list ...T) T { return list[g.IntN(len(list))] }

func (g generator) principal() any {
	root := "arn:aws:iam::111122223333:root"
	switch g.IntN(10) {
	case 0, 1:
		return "*"
	case 2:
		return map[string]any{"Service": pick(g, "sns.amazonaws.com", "logs.us-east-1.amazonaws.com")}
	case 3, 4:
		return map[string]any{"AWS": root}
	case 5:
		return map[string]any{"AWS": pick(g, "444455556666", "arn:aws:iam::444455556666:role/app", "AIDACKCEVSQ6C2EXAMPLE")}
	}
	return map[string]any{"AWS": []string{
		pick(g, "arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:user/team/alice", root),
		pick(g, "arn:aws:iam::111122223333:role/app", "arn:aws:sts::111122223333:assumed-role/app/s1", "arn:aws:sts::111122223333:federated-user/alice"),
	}}
}

// conditions are aimed at the traps: negation on absence, sets of values, several tests of one key, keys of the caller,
// variables, networks, numbers, times, and keys that say the same thing.
func (g generator) condition() (operator, key string, values []string) {
	switch g.IntN(16) {
	case 0:
		return pick(g, "StringEquals", "StringNotEquals", "StringEqualsIfExists"), "kms:ViaService", []string{pick(g, "s3.us-east-1.amazonaws.com", "ec2.us-east-1.amazonaws.com")}
	case 1:
		return pick(g, "StringLike", "StringNotLike", "StringLikeIfExists"), "kms:ViaService", []string{pick(g, "s3.*", "*.us-east-1.amazonaws.com", "*")}
	case 2:
		return pick(g, "Bool", "BoolIfExists"), "aws:MultiFactorAuthPresent", []string{pick(g, "true", "false")}
	case 3:
		return "Null", pick(g, "kms:EncryptionContextKeys", "aws:MultiFactorAuthPresent", "kms:ViaService", "aws:SourceVpce"), []string{pick(g, "true", "false")}
	case 4, 5:
		return pick(g, "ForAllValues:StringEquals", "ForAnyValue:StringEquals", "ForAnyValue:StringNotEquals", "ForAllValues:StringNotEquals", "ForAnyValue:StringLike"),
			"kms:EncryptionContextKeys", [][]string{{"App"}, {"Env"}, {"App", "Env"}, {"A*"}}[g.IntN(4)]
	case 6:
		return pick(g, "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringLike"), "kms:EncryptionContext:App", []string{pick(g, "x", "X", "y*", "${aws:username}")}
	case 7:
		return pick(g, "IpAddress", "NotIpAddress"), "aws:SourceIp", []string{pick(g, "10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "203.0.113.7")}
	case 8:
		return pick(g, "StringEquals", "StringNotEquals", "StringNotEqualsIfExists"), "aws:SourceVpce", []string{"vpce-1"}
	case 9:
		return pick(g, "ArnEquals", "ArnNotEquals", "ArnLike", "StringLike", "StringNotLike", "StringEquals"), "aws:PrincipalArn",
			[]string{pick(g, "arn:aws:iam::111122223333:role/app", "arn:aws:iam::*:role/app", "arn:aws:iam::111122223333:role/a*", "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:user/*/alice")}
	case 10:
		return pick(g, "StringEquals", "StringNotEquals"), pick(g, "aws:PrincipalAccount", "kms:CallerAccount"), []string{pick(g, "111122223333", "444455556666")}
	case 11:
		return pick(g, "StringEquals", "StringNotEquals"), "aws:PrincipalType", []string{pick(g, "Account", "User", "AssumedRole")}
	case 12:
		return pick(g, "NumericLessThan", "NumericGreaterThanEquals", "NumericEquals", "NumericNotEquals"), "aws:MultiFactorAuthAge", []string{pick(g, "300", "3600")}
	case 13:
		return pick(g, "DateLessThan", "DateGreaterThan"), "aws:CurrentTime", []string{pick(g, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")}
	case 14:
		return pick(g, "StringEquals", "StringNotEquals", "StringLike"), pick(g, "aws:PrincipalOrgID", "aws:SourceAccount"), []string{pick(g, "o-a", "111122223333", "o-*")}
	}
	return pick(g, "StringEquals", "StringNotEquals"), pick(g, "aws:PrincipalTag/team", "aws:ResourceTag/team"), []string{pick(g, "red", "${aws:PrincipalTag/team}")}
}

func (g generator) statement() map[string]any {
	st := map[string]any{"Effect": pick(g, "Allow", "Allow", "Allow", "Deny", "Deny"), "Principal": g.principal(), "Resource": "*"}
	if st["Effect"] == "Deny" && g.IntN(8) == 0 {
		delete(st, "Principal")
		st["NotPrincipal"] = map[string]any{"AWS": []string{"arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:user/alice"}}
	}
	element := "Action"
	if g.IntN(8) == 0 {
		element = "NotAction"
	}
	st[element] = pick[any](g, "kms:*", "kms:Put*", "kms:PutKeyPolicy", "kms:Decrypt", "kms:CreateGrant", []string{"kms:Encrypt", "kms:Decrypt"}, "kms:ListKeys", "kms:De*")
	conditions := map[string]map[string]any{}
	for range pick(g, 0, 0, 1, 1, 2, 3) {
		op, key, values := g.condition()
		if conditions[op] == nil {
			conditions[op] = map[string]any{}
		}
		conditions[op][key] = values
	}
	if len(conditions) > 0 {
		st["Condition"] = conditions
	}
	return st
}

func (g generator) policy(most int) string {
	var list []map[string]any
	for range 1 + g.IntN(most) {
		list = append(list, g.statement())
	}
	return string(mustJSON(map[string]any{"Version": "2012-10-17", "Statement": list}))
}

func mustJSON(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}

// request is one of the small world, which may not be able to be.
func (g generator) request(m *model) *request {
	r := &request{ctx: map[string][]string{}}
	r.caller = pick(g,
		caller{kind: callerRoot, account: testAccount}, caller{kind: callerUser, account: testAccount, name: "alice"},
		caller{kind: callerUser, account: testAccount, path: "team/", name: "alice"}, caller{kind: callerUser, account: testAccount, path: "b/", name: "alice"},
		caller{kind: callerUser, account: testAccount, name: "x"}, caller{kind: callerUser, account: testAccount, name: "yes"},
		caller{kind: callerSession, account: testAccount, name: "app", session: "s1"}, caller{kind: callerSession, account: testAccount, name: "app", session: "s2"},
		caller{kind: callerSession, account: testAccount, path: "p/", name: "app", session: "s1"}, caller{kind: callerSession, account: testAccount, name: "api", session: "s1"},
		caller{kind: callerSession, account: testAccount, name: "zoo", session: "s1"}, caller{kind: callerFederated, account: testAccount, name: "alice"},
		caller{kind: callerUser, account: "444455556666", name: "alice"}, caller{kind: callerSession, account: "444455556666", name: "app", session: "s1"},
		caller{kind: callerRoot, account: "444455556666"}, caller{kind: callerUser, account: "777788889999", name: "eve"},
		caller{kind: callerSession, account: "777788889999", name: "app", session: "s"}, caller{kind: callerService, name: "sns.amazonaws.com"},
		caller{kind: callerService, name: "logs.us-east-1.amazonaws.com"}, caller{kind: callerService, name: "other.amazonaws.com"})
	r.caller.partition = "aws"
	name := pick(g, "kms:PutKeyPolicy", "kms:Decrypt", "kms:Encrypt", "kms:CreateGrant", "kms:DescribeKey", "kms:DeleteAlias")
	r.action = knownAction(name)
	maybeSet := func(key string, values ...string) {
		if g.IntN(3) > 0 {
			r.ctx[key] = []string{pick(g, values...)}
		}
	}
	maybeSet("kms:viaservice", "s3.us-east-1.amazonaws.com", "ec2.us-east-1.amazonaws.com", "s3.eu-west-1.amazonaws.com", "rds.eu-west-1.amazonaws.com")
	maybeSet("aws:multifactorauthpresent", "true", "false")
	maybeSet("aws:multifactorauthage", "5", "300", "1000", "3600", "9999")
	maybeSet("aws:principalorgid", "o-a", "o-b")
	maybeSet("aws:principaltag/team", "red", "blue", "green")
	maybeSet("aws:resourcetag/team", "red", "blue", "green")
	maybeSet("aws:sourceaccount", "111122223333", "777788889999")
	if g.IntN(2) == 0 {
		maybeSet("aws:sourceip", "10.0.0.1", "10.1.2.3", "203.0.113.7", "8.8.8.8", "2001:db8::5")
	} else {
		maybeSet("aws:sourcevpce", "vpce-1", "vpce-2")
	}
	r.ctx[keyCurrentTime] = []string{pick(g, "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "2028-01-01T00:00:00Z")}
	var keys []string
	for _, k := range []string{"App", "Env", "Other", "Az"} {
		if g.IntN(3) == 0 {
			keys = append(keys, k)
			r.ctx[encryptionPrefix+strings.ToLower(k)] = []string{pick(g, "x", "X", "y", "yes", "alice")}
		}
	}
	if len(keys) > 0 {
		r.ctx[keyEncryptionKeys] = keys
	}
	for lower := range r.ctx { // what the action or the caller does not have is dropped, so that most requests can be
		k := keyNamed(lower)
		if m.checkKey(k, r.ctx[lower], r.action, &r.caller) != nil {
			delete(r.ctx, lower)
		}
	}
	return r
}

func knownAction(name string) action {
	for _, a := range allActions() {
		if a.name == name {
			return a
		}
	}
	panic(fmt.Sprintf("no action %s", name))
}
