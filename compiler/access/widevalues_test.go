package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

func (w *wide) key() (name string, fact facts.ConditionKey) {
	fact = pick(w.generator, w.keys...)
	if w.IntN(3) == 0 { // those that the rules of their own are about
		fact, _, _ = facts.LookupConditionKey(pick(w.generator, "aws:PrincipalArn", "kms:EncryptionContextKeys", "kms:GrantOperations", "kms:ViaService", "aws:SourceIp",
			"aws:CurrentTime", "aws:EpochTime", "aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge", "kms:CallerAccount", "aws:PrincipalType", "aws:username", "aws:SourceArn",
			"aws:PrincipalIsAWSService", "aws:PrincipalAccount", "aws:CalledVia"))
	}
	name = fact.Name
	if fact.Pattern {
		name = fact.Spell(pick(w.generator, "App", "Env"))
		if len(fact.Numbers) > 0 {
			name = fact.Spell("8")
		}
	}
	if w.IntN(6) == 0 {
		name = strings.ToLower(name)
	}
	return name, fact
}

// values are those of a policy; of a request, without patterns and variables.
func (w *wide) values(k facts.ConditionKey, policy bool, family string) []string {
	var list []string
	patterns := policy && (family == "String" || family == "Arn")
	switch lower := strings.ToLower(k.Name); {
	case lower == "aws:principalarn":
		list = []string{"arn:aws:iam::111122223333:role/app", "arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:root", "arn:aws:iam::444455556666:role/app", "arn:aws:sts::111122223333:assumed-role/app/s1"}
		if patterns {
			list = append(list, "arn:aws:iam::*:role/*", "arn:aws:iam::111122223333:*", "arn:aws:iam::111122223333:role/a?p", "arn:aws:iam::111122223333:user/*/bob", "arn:aws:iam::${aws:PrincipalAccount}:role/a*", "arn:*:iam::1111*:*")
		}
	case lower == "aws:principalaccount" || lower == "kms:calleraccount":
		list = []string{testAccount, otherAccount, "000000000000"}
		if patterns {
			list = append(list, "1111*", "????55556666")
		}
	case lower == "aws:principaltype":
		list = []string{"Account", "User", "AssumedRole", "FederatedUser", "AWSService", "user"}
	case lower == "aws:username":
		list = []string{"alice", "bob", "Alice"}
	case lower == "aws:principalservicename" || lower == "aws:principalservicenameslist":
		list = []string{"sns.amazonaws.com", "s3.amazonaws.com"}
	case lower == "aws:sourceaccount" || lower == "aws:resourceaccount":
		list = []string{testAccount, otherAccount}
	case lower == keyUserID:
		list = []string{"AIDAX", "AROAX:s1", "AROAX:s2", testAccount, "111122223333:alice"}
		if patterns {
			list = append(list, "AROAX:*", "*:s1", "AIDA*", "${aws:PrincipalAccount}:*")
		}
	case k.Values != nil:
		list = slices.Clone(k.Values)
	case k.Type == "Bool":
		list = []string{"true", "false", "True", "FALSE"}
	case lower == "aws:epochtime" && !policy || family == "Numeric" && k.Type == "Date":
		list = []string{"1780315200", "1767225600", "1780272000"}
	case k.Type == "Numeric":
		list = []string{"5", "7", "10", "5.0", "9.5", "100"}
	case k.Type == "Date":
		list = []string{"2026-01-01T00:00:00Z", "2026-06-01", "2026-06-01T12:00:00Z", "1780315200", "1767225600", "2026-06-01T14:00:00+02:00"}
	case k.Type == "IP":
		list = []string{"10.0.0.1", "10.1.2.3", "203.0.113.7", "2001:db8::1", "2001:db8:0:1::1"}
		if policy {
			list = append(list, "10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "2001:db8::/32", "2001:db8::/64", "::/0")
		}
	case k.Type == "ARN":
		list = []string{"arn:aws:s3:::b", "arn:aws:sns:us-east-1:111122223333:t", "arn:aws:sns:us-east-1:111122223333:t:u", "arn:aws:sns:eu-west-1:444455556666:t"}
		if patterns {
			list = append(list, "arn:aws:sns:*:111122223333:*", "arn:aws:*:*:*:*", "arn:*:sns:us-east-1:*:t", "arn:aws:sns:us-east-1:${aws:PrincipalAccount}:t")
		}
	default:
		list = []string{"a", "A", "ab", "b", "alice", "o-a"}
		if policy {
			list = append(list, "*", "a*")
		}
		if patterns {
			list = append(list, "?", "*b", "a*", "${aws:username}", "${aws:PrincipalTag/App}", "${aws:PrincipalTag/App, 'a'}", "${aws:PrincipalTag/App}-*", "x-${aws:username}*", "${aws:PrincipalTag/Env,'b'}", "${*}", "a${*}", "${aws:PrincipalAccount}", "x${aws:username}")
		}
	}
	if patterns && k.Type == "String" && w.IntN(8) == 0 {
		list = append(list, "*")
	}
	n := 1 + w.IntN(2)
	if !policy && !k.Multivalued {
		n = 1
	}
	var out []string
	for range n {
		if v := pick(w.generator, list...); !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

func (w *wide) operator(k facts.ConditionKey) (name, family string) {
	families := map[string][]string{"ARN": {"Arn", "Arn", "String"}, "Bool": {"Bool"}, "Numeric": {"Numeric"}, "Date": {"Date"}, "IP": {"IpAddress"}}
	family = pick(w.generator, first2(families[k.Type], []string{"String"})...)
	if strings.EqualFold(k.Name, "aws:EpochTime") && w.IntN(2) == 0 {
		family = "Numeric"
	}
	switch family {
	case "String":
		name = pick(w.generator, "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike")
	case "Arn":
		name = pick(w.generator, "ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike")
	case "Numeric", "Date":
		name = family + pick(w.generator, "Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
	case "IpAddress":
		name = pick(w.generator, "IpAddress", "NotIpAddress")
	default:
		name = family
	}
	if w.IntN(60) == 0 {
		name = "BinaryEquals"
	}
	switch {
	case k.Multivalued && w.IntN(5) > 0, w.IntN(12) == 0:
		name = pick(w.generator, "ForAllValues:", "ForAnyValue:") + name
	}
	if w.IntN(4) == 0 {
		name += "IfExists"
	}
	return name, family
}

func first2(a, b []string) []string {
	if len(a) > 0 {
		return a
	}
	return b
}
