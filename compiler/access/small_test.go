package access

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// small makes policies over a few keys with a few values each, so that every request over them can be looked at.
type small struct {
	generator
	keys []smallKey
}

// smallKey is a condition key with the values that requests have, absence apart, and what policies ask of it.
type smallKey struct {
	name   string
	values []string
	many   bool
	asks   [][2]string // operator and values, separated by blanks
}

func smallKeys() []smallKey {
	return []smallKey{
		{"kms:ViaService", []string{"s3.us-east-1.amazonaws.com", "ec2.us-east-1.amazonaws.com", "s3.eu-west-1.amazonaws.com"}, false, [][2]string{
			{"StringEquals", "s3.us-east-1.amazonaws.com"},
			{"StringNotEquals", "s3.us-east-1.amazonaws.com ec2.us-east-1.amazonaws.com"},
			{"StringLike", "s3.*"},
			{"StringNotLike", "*.us-east-1.amazonaws.com"},
			{"StringEqualsIfExists", "ec2.us-east-1.amazonaws.com"},
			{"Null", "true"},
			{"Null", "false"},
		}},
		{"kms:EncryptionContextKeys", []string{"App", "Env", "Zed"}, true, [][2]string{
			{"ForAllValues:StringEquals", "App"},
			{"ForAnyValue:StringEquals", "App"},
			{"ForAnyValue:StringEquals", "Env"},
			{"ForAnyValue:StringNotEquals", "App"},
			{"ForAllValues:StringNotEquals", "Env"},
			{"ForAnyValue:StringLike", "A* Z*"},
			{"ForAllValues:StringLike", "*p E*"},
			{"Null", "true"},
			{"Null", "false"},
			{"ForAllValues:StringEqualsIfExists", "Zed"},
			{"ForAnyValue:StringEqualsIgnoreCase", "ENV"},
		}},
		{"kms:EncryptionContext:App", []string{"x", "X", "alice", ""}, false, [][2]string{
			{"StringNotLike", "?*"},
			{"StringEquals", "x"},
			{"StringNotEquals", "x"},
			{"StringEqualsIgnoreCase", "x"},
			{"StringLike", "?"},
			{"StringEquals", "${aws:username}"},
			{"StringNotEquals", "${aws:username}"},
			{"StringLike", "${aws:username}*"},
			{"StringNotLike", "${aws:PrincipalTag/t}*"},
			{"StringEquals", "${aws:PrincipalTag/t,'x'}"},
			{"StringEquals", "${aws:PrincipalTag/t}"},
			{"StringNotLikeIfExists", "a*"},
			{"Null", "true"},
		}},
		{"kms:GrantOperations", []string{"Decrypt", "Encrypt", "CreateGrant"}, true, [][2]string{
			{"ForAllValues:StringEquals", "Decrypt Encrypt"}, {"ForAnyValue:StringEquals", "CreateGrant"}, {"ForAnyValue:StringNotEquals", "Decrypt"}, {"ForAllValues:StringLike", "*crypt"},
		}},
		{"kms:GrantIsForAWSResource", []string{"true", "false"}, false, [][2]string{{"Bool", "true"}, {"Bool", "False"}, {"BoolIfExists", "true"}, {"Null", "true"}}},
		{"aws:SourceIp", []string{"10.0.0.1", "10.1.0.1", "8.8.8.8", "2001:db8::1"}, false, [][2]string{
			{"IpAddress", "10.0.0.0/8"}, {"NotIpAddress", "10.1.0.0/16"}, {"IpAddress", "0.0.0.0/0"}, {"NotIpAddress", "10.0.0.1"}, {"IpAddressIfExists", "10.0.0.0/15"}, {"IpAddress", "2001:db8::/32"},
		}},
		{"aws:SourceVpce", []string{"vpce-1", "vpce-2"}, false, [][2]string{{"StringEquals", "vpce-1"}, {"StringNotEquals", "vpce-1"}, {"StringNotEqualsIfExists", "vpce-2"}, {"Null", "false"}}},
		{"aws:MultiFactorAuthPresent", []string{"true", "false"}, false, [][2]string{{"Bool", "true"}, {"Bool", "false"}, {"BoolIfExists", "false"}, {"BoolIfExists", "true"}, {"Null", "true"}}},
		{"aws:MultiFactorAuthAge", []string{"5", "300", "1000"}, false, [][2]string{{"NumericLessThan", "300"}, {"NumericGreaterThanEquals", "300"}, {"NumericEquals", "300"}, {"NumericNotEquals", "5"}, {"NumericLessThanEqualsIfExists", "5"}}},
		{"aws:CurrentTime", []string{"2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"}, false, [][2]string{{"DateLessThan", "2026-01-01T00:00:00Z"}, {"DateGreaterThanEquals", "2026-01-01"}, {"DateNotEquals", "1767225600"}}},
		{"aws:PrincipalOrgID", []string{"o-a", "o-b"}, false, [][2]string{{"StringEquals", "o-a"}, {"StringNotEquals", "o-a"}, {"StringNotEqualsIfExists", "o-b"}, {"StringLike", "o-*"}}},
		{"aws:PrincipalTag/t", []string{"red", "blue", "x", ""}, false, [][2]string{{"StringLike", "?*"}, {"StringNotLike", "?*"}, {"Null", "false"}, {"StringEquals", "red"}, {"StringNotEquals", "red"}, {"ForAllValues:StringEquals", "red"}, {"ForAnyValue:StringLike", "r*"}, {"Bool", "true"}}},
		{"aws:ResourceTag/t", []string{"red", "blue", ""}, false, [][2]string{{"StringNotLike", "?*"}, {"StringEquals", "red"}, {"StringEquals", "${aws:PrincipalTag/t}"}, {"StringNotEquals", "${aws:PrincipalTag/t}"}}},
		{"aws:SourceAccount", []string{testAccount, otherAccount}, false, [][2]string{{"StringEquals", testAccount}, {"StringNotEquals", testAccount}, {"StringEqualsIfExists", testAccount}, {"Null", "false"}}},
		{"aws:SourceArn", []string{"arn:aws:sns:us-east-1:111122223333:t", "arn:aws:sns:us-east-1:444455556666:t", "arn:aws:s3:::b"}, false, [][2]string{
			{"ArnLike", "arn:aws:sns:*:111122223333:*"}, {"ArnEquals", "arn:aws:s3:::b"}, {"ArnNotLike", "arn:aws:sns:*:444455556666:t"}, {"StringLike", "arn:aws:sns:*"},
		}},
		{"aws:ViaAWSService", []string{"true", "false"}, false, [][2]string{{"Bool", "true"}, {"Bool", "false"}, {"BoolIfExists", "true"}}},
		{"aws:userid", []string{"AROAX:s1", "AROAX:any-session", "AIDAX", testAccount}, false, [][2]string{{"StringLike", "AROAX:*"}, {"StringNotLike", "*:s1 AIDAX"}, {"StringEquals", testAccount}}},
		{"kms:RotationPeriodInDays", []string{"90", "365"}, false, [][2]string{{"NumericLessThan", "91"}, {"NumericLessThan", "90"}, {"NumericGreaterThan", "365"}}},
	}
}

// callerAsks are what policies ask of keys that follow from the caller.
func callerAsks() [][3]string {
	return [][3]string{
		{"ArnEquals", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/app"},
		{"ArnNotEquals", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/app"},
		{"ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/a*"},
		{"StringNotLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/*"},
		{"StringEquals", "aws:PrincipalArn", "arn:aws:sts::111122223333:assumed-role/app/s1"},
		{"StringLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:user/*/alice"},
		{"StringEquals", "aws:PrincipalType", "Account"},
		{"StringNotEquals", "aws:PrincipalType", "AssumedRole"},
		{"StringEquals", "kms:CallerAccount", testAccount},
		{"StringNotEquals", "kms:CallerAccount", testAccount},
		{"StringLike", "aws:PrincipalAccount", "1111* ????55556666"},
		{"StringEquals", "aws:username", "alice"},
		{"StringNotLike", "aws:username", "a*"},
		{"Null", "aws:username", "true"},
		{"Bool", "aws:PrincipalIsAWSService", "true"},
		{"Bool", "aws:PrincipalIsAWSService", "false"},
		{"StringLike", "aws:username", "a* bob-?"},
		{"StringLikeIfExists", "aws:username", "*e"},
		{"StringEquals", "aws:PrincipalServiceName", "sns.amazonaws.com"},
		{"StringLike", "aws:PrincipalServiceName", "logs.*.amazonaws.com"},
		{"StringNotLikeIfExists", "aws:PrincipalServiceName", "s*"},
		{"ForAnyValue:StringEquals", "aws:PrincipalServiceNamesList", "sns.amazonaws.com delivery.logs.amazonaws.com"},
	}
}

func newSmall(seed uint64) *small {
	s := &small{generator: generator{rand.New(rand.NewPCG(seed, 4))}}
	all := smallKeys()
	for range 2 + s.IntN(2) {
		k := pick(s.generator, all...)
		if !slices.ContainsFunc(s.keys, func(o smallKey) bool { return o.name == k.name }) {
			s.keys = append(s.keys, k)
		}
	}
	return s
}

func (s *small) principal() any {
	switch s.IntN(8) {
	case 0, 1:
		return "*"
	case 2:
		return map[string]any{"Service": pick(s.generator, "sns.amazonaws.com", "logs.us-east-1.amazonaws.com")}
	case 3:
		return map[string]any{"AWS": pick(s.generator, testAccount, "arn:aws:iam::111122223333:root", otherAccount)}
	case 4:
		return map[string]any{"AWS": pick(s.generator, "arn:aws:iam::111122223333:role/a*", "arn:aws:iam::*:user/alice", "arn:aws:sts::111122223333:assumed-role/app/*"), "Service": "sns.amazonaws.com"}
	}
	return map[string]any{"AWS": []string{
		pick(s.generator, "arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:user/team/alice", "arn:aws:iam::444455556666:role/app", "arn:aws:iam::111122223333:root"),
		pick(s.generator, "arn:aws:iam::111122223333:role/app", "arn:aws:sts::111122223333:assumed-role/app/s1", "arn:aws:sts::111122223333:federated-user/alice"),
	}}
}

func (s *small) statement() map[string]any {
	st := map[string]any{"Effect": pick(s.generator, "Allow", "Allow", "Deny"), "Principal": s.principal(), "Resource": pick(s.generator, "*", "*", "*", "*", "*", testKey, "arn:aws:kms:*:*:alias/*")}
	if st["Effect"] == "Deny" && s.IntN(6) == 0 {
		delete(st, "Principal")
		st["NotPrincipal"] = map[string]any{"AWS": pick[any](s.generator, []string{testAccount, "arn:aws:iam::111122223333:role/app"}, "arn:aws:iam::111122223333:role/app", "arn:aws:iam::111122223333:root")}
	}
	st[pick(s.generator, "Action", "Action", "Action", "Action", "Action", "Action", "NotAction")] = pick[any](s.generator,
		"kms:*", "kms:*", "kms:Put*", "kms:PutKeyPolicy", "kms:Decrypt", "kms:CreateGrant", []string{"kms:Encrypt", "kms:Decrypt"}, "kms:De*", "kms:ListKeys", "kms:EnableKeyRotation")
	conditions := map[string]map[string]any{}
	add := func(op, key, values string) {
		if conditions[op] == nil {
			conditions[op] = map[string]any{}
		}
		conditions[op][key] = strings.Fields(values)
	}
	for range pick(s.generator, 0, 1, 1, 2, 2) {
		k := pick(s.generator, s.keys...)
		ask := pick(s.generator, k.asks...)
		add(ask[0], k.name, ask[1])
	}
	if s.IntN(4) == 0 {
		ask := pick(s.generator, callerAsks()...)
		add(ask[0], ask[1], ask[2])
	}
	if len(conditions) > 0 {
		st["Condition"] = conditions
	}
	return st
}

func (s *small) policy(most int) string {
	var list []map[string]any
	for range 1 + s.IntN(most) {
		list = append(list, s.statement())
	}
	return string(mustJSON(map[string]any{"Version": "2012-10-17", "Statement": list}))
}
