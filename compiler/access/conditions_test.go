package access

import (
	"fmt"
	"strings"
	"testing"
)

// conditionCase is what one condition says of one context: "+" that it holds, "-" that it does not, "?" that AWS does not
// document it.
type conditionCase struct {
	want, operator, key, values string // values separated by blanks
	context                     string // KEY=VALUE separated by blanks, several values by commas
}

// TestConditions: each rule of how a condition is decided, one by one.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
func TestConditions(t *testing.T) {
	const vpce, keys, pair, tag = "aws:SourceVpce", "kms:EncryptionContextKeys", "kms:EncryptionContext:App", "aws:PrincipalTag/t"
	for _, c := range []conditionCase{
		// absence
		{"-", "StringEquals", vpce, "a", ""},
		{"+", "StringNotEquals", vpce, "a", ""},
		{"+", "StringEqualsIfExists", vpce, "a", ""},
		{"+", "StringNotEqualsIfExists", vpce, "a", ""},
		{"-", "StringLike", vpce, "*", ""},
		{"+", "StringNotLike", vpce, "*", ""},
		{"-", "Bool", "aws:MultiFactorAuthPresent", "false", ""},
		{"+", "BoolIfExists", "aws:MultiFactorAuthPresent", "false", ""},
		{"-", "IpAddress", "aws:SourceIp", "0.0.0.0/0", ""},
		{"+", "NotIpAddress", "aws:SourceIp", "0.0.0.0/0", ""},
		{"-", "NumericLessThan", "aws:MultiFactorAuthAge", "9", ""},
		{"+", "NumericLessThanIfExists", "aws:MultiFactorAuthAge", "9", ""},
		{"+", "NumericNotEquals", "aws:MultiFactorAuthAge", "9", ""},
		{"+", "Null", vpce, "true", ""},
		{"-", "Null", vpce, "false", ""},
		{"+", "Null", vpce, "true false", ""},
		{"-", "Null", vpce, "true", vpce + "=a"},
		{"+", "Null", vpce, "false", vpce + "=a"},
		{"+", "Null", vpce, "False", vpce + "=a"},
		// sets of values
		{"+", "ForAllValues:StringEquals", keys, "A", ""},
		{"+", "ForAllValues:StringNotEquals", keys, "A", ""},
		{"-", "ForAnyValue:StringEquals", keys, "A", ""},
		{"-", "ForAnyValue:StringNotEquals", keys, "A", ""},
		{"?", "ForAnyValue:StringEqualsIfExists", keys, "A", ""},
		{"+", "ForAllValues:StringEqualsIfExists", keys, "A", ""},
		{"+", "ForAllValues:StringEquals", keys, "A B", keys + "=A,B"},
		{"-", "ForAllValues:StringEquals", keys, "A", keys + "=A,B"},
		{"+", "ForAnyValue:StringEquals", keys, "A", keys + "=A,B"},
		{"-", "ForAnyValue:StringEquals", keys, "C", keys + "=A,B"},
		{"+", "ForAnyValue:StringEqualsIfExists", keys, "A", keys + "=A,B"},
		{"+", "ForAnyValue:StringNotEquals", keys, "A", keys + "=A,B"},
		{"-", "ForAnyValue:StringNotEquals", keys, "A B", keys + "=A,B"},
		{"-", "ForAllValues:StringNotEquals", keys, "A", keys + "=A,B"},
		{"+", "ForAllValues:StringNotEquals", keys, "C D", keys + "=A,B"},
		{"+", "ForAllValues:StringEquals", tag, "red", ""},
		{"-", "ForAllValues:StringEquals", tag, "red", tag + "=blue"},
		{"+", "ForAnyValue:StringEquals", tag, "red", tag + "=red"},
		{"?", "StringEquals", keys, "A", keys + "=A"},
		{"?", "StringEquals", keys, "A", keys + "=A,B"},
		{"-", "StringEquals", keys, "C", keys + "=A,B"},
		{"?", "StringNotEquals", keys, "C", keys + "=A,B"},
		{"-", "StringEquals", keys, "A", ""},
		{"+", "StringNotEquals", keys, "A", ""},
		// several values: any, or, negated, none
		{"+", "StringEquals", vpce, "a b", vpce + "=b"},
		{"-", "StringNotEquals", vpce, "a b", vpce + "=b"},
		{"-", "StringNotEquals", vpce, "a b", vpce + "=a"},
		{"+", "StringNotEquals", vpce, "a b", vpce + "=c"},
		// text
		{"-", "StringEquals", pair, "a*", pair + "=ab"},
		{"+", "StringEquals", pair, "a*", pair + "=a*"},
		{"-", "StringEquals", pair, "a", pair + "=A"},
		{"+", "StringEqualsIgnoreCase", pair, "a", pair + "=A"},
		{"+", "StringEqualsIgnoreCase", pair, "AB", pair + "=aB"},
		{"-", "StringNotEqualsIgnoreCase", pair, "a", pair + "=A"},
		{"-", "StringEqualsIgnoreCase", pair, "a*", pair + "=ab"},
		{"+", "StringLike", pair, "a*", pair + "=a"},
		{"+", "StringLike", pair, "a*c", pair + "=abbc"},
		{"-", "StringLike", pair, "A*", pair + "=ab"},
		{"+", "StringLike", pair, "a?", pair + "=ab"},
		{"-", "StringLike", pair, "a?", pair + "=abb"},
		{"-", "StringLike", pair, "a?", pair + "=a"},
		{"-", "StringNotLike", pair, "a?", pair + "=ab"},
		{"+", "StringEquals", "KMS:encryptioncontext:APP", "x", pair + "=x"},
		// ARNs
		{"+", "ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:user/*", ""},
		{"+", "ArnEquals", "aws:PrincipalArn", "arn:aws:iam::111122223333:user/A*", ""},
		{"-", "ArnNotEquals", "aws:PrincipalArn", "arn:aws:iam::111122223333:user/A*", ""},
		{"+", "ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/*", ""},
		{"-", "ArnLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:user/alice", ""},
		{"-", "ArnLike", "aws:PrincipalArn", "arn:aws:*:user/x:y:Alice", ""},
		{"+", "StringLike", "aws:PrincipalArn", "arn:aws:*:user/Alice", ""},
		{"?", "ArnLike", "aws:PrincipalArn", "arn:aws:*:user/Alice", ""},
		{"-", "StringEquals", "aws:PrincipalArn", "arn:aws:iam::111122223333:user/A*", ""},
		// numbers and times
		{"-", "NumericLessThan", "aws:MultiFactorAuthAge", "300", "aws:MultiFactorAuthAge=300"},
		{"+", "NumericLessThan", "aws:MultiFactorAuthAge", "300", "aws:MultiFactorAuthAge=299.5"},
		{"+", "NumericLessThanEquals", "aws:MultiFactorAuthAge", "300", "aws:MultiFactorAuthAge=300"},
		{"-", "NumericGreaterThan", "aws:MultiFactorAuthAge", "300", "aws:MultiFactorAuthAge=300"},
		{"+", "NumericGreaterThanEquals", "aws:MultiFactorAuthAge", "300", "aws:MultiFactorAuthAge=300.0"},
		{"+", "NumericEquals", "aws:MultiFactorAuthAge", "5 300", "aws:MultiFactorAuthAge=300"},
		{"-", "NumericNotEquals", "aws:MultiFactorAuthAge", "5 300", "aws:MultiFactorAuthAge=300"},
		{"+", "DateLessThan", "aws:CurrentTime", "2026-06-01", "aws:CurrentTime=2026-05-31T23:59:59Z"},
		{"-", "DateLessThan", "aws:CurrentTime", "2026-06-01T00:00:00Z", "aws:CurrentTime=2026-06-01T00:00:00Z"},
		{"+", "DateEquals", "aws:CurrentTime", "1780272000", "aws:CurrentTime=2026-06-01T00:00:00Z"},
		{"+", "DateEquals", "aws:CurrentTime", "2026-06-01T02:00:00+02:00", "aws:CurrentTime=2026-06-01T00:00:00Z"},
		{"+", "NumericGreaterThan", "aws:EpochTime", "1780271999", "aws:CurrentTime=2026-06-01T00:00:00Z"},
		{"+", "DateGreaterThanEquals", "aws:EpochTime", "2026-06-01", "aws:EpochTime=1780272000"},
		// addresses
		{"+", "IpAddress", "aws:SourceIp", "10.0.0.0/8", "aws:SourceIp=10.255.255.255"},
		{"-", "IpAddress", "aws:SourceIp", "10.0.0.0/8", "aws:SourceIp=11.0.0.0"},
		{"+", "IpAddress", "aws:SourceIp", "10.0.0.1", "aws:SourceIp=10.0.0.1"},
		{"-", "IpAddress", "aws:SourceIp", "10.0.0.1", "aws:SourceIp=10.0.0.2"},
		{"-", "IpAddress", "aws:SourceIp", "0.0.0.0/0", "aws:SourceIp=2001:db8::1"},
		{"+", "NotIpAddress", "aws:SourceIp", "0.0.0.0/0", "aws:SourceIp=2001:db8::1"},
		{"+", "NotIpAddress", "aws:SourceIp", "10.0.0.1", "aws:SourceIp=2001:db8::1"},
		{"+", "IpAddress", "aws:SourceIp", "2001:db8::/32", "aws:SourceIp=2001:db8:1::1"},
		{"-", "IpAddress", "aws:SourceIp", "::/0", "aws:SourceIp=10.0.0.1"},
		{"-", "NotIpAddress", "aws:SourceIp", "10.0.0.0/8 192.168.0.0/16", "aws:SourceIp=192.168.1.1"},
		// truth
		{"+", "Bool", "aws:MultiFactorAuthPresent", "True", "aws:MultiFactorAuthPresent=true"},
		{"+", "Bool", "aws:MultiFactorAuthPresent", "true", "aws:MultiFactorAuthPresent=TRUE"},
		{"-", "Bool", "aws:MultiFactorAuthPresent", "true", "aws:MultiFactorAuthPresent=false"},
		{"+", "Bool", "aws:SecureTransport", "true", ""},
		// variables
		{"+", "StringEquals", pair, "${aws:username}", pair + "=Alice"},
		{"-", "StringEquals", pair, "${aws:username}", pair + "=alice"},
		{"+", "StringLike", pair, "x-${aws:username}-*", pair + "=x-Alice-1"},
		{"-", "StringEquals", pair, "${aws:PrincipalTag/t}", pair + "=red"},
		{"+", "StringEquals", pair, "${aws:PrincipalTag/t}", pair + "=red " + tag + "=red"},
		{"+", "StringNotEquals", pair, "${aws:PrincipalTag/t}", pair + "=red"},
		{"+", "StringNotEquals", pair, "${aws:PrincipalTag/t}", pair + "=red " + tag + "=blue"},
		{"+", "StringEquals", pair, "${aws:PrincipalTag/t,'red'}", pair + "=red"},
		{"-", "StringEquals", pair, "${aws:PrincipalTag/t,'red'}", pair + "=red " + tag + "=blue"},
		{"+", "StringLike", pair, "a${*}", pair + "=a*"},
		{"-", "StringLike", pair, "a${*}", pair + "=ab"},
		{"+", "ArnEquals", "aws:PrincipalArn", "arn:aws:iam::${aws:PrincipalAccount}:user/${aws:username}", ""},
		// what follows from the caller
		{"+", "StringEquals", "aws:PrincipalAccount", "111122223333", ""},
		{"+", "StringEquals", "kms:CallerAccount", "111122223333", ""},
		{"+", "StringEquals", "aws:PrincipalType", "User", ""},
		{"+", "StringEquals", "aws:username", "Alice", ""},
		{"+", "Bool", "aws:PrincipalIsAWSService", "false", ""},
		{"+", "Null", "aws:PrincipalServiceName", "true", ""},
		// what is not known
		{"?", "StringMatches", vpce, "a", vpce + "=a"},
		{"?", "NullIfExists", vpce, "true", ""},
		{"-", "StringEquals", "kms:ViaServce", "a", ""},
		{"+", "StringNotEquals", "kms:ViaServce", "a", ""},
	} {
		checkCondition(t, c)
	}
}

func checkCondition(t *testing.T, c conditionCase) {
	t.Helper()
	values := `"` + strings.Join(strings.Fields(c.values), `","`) + `"`
	doc := statements(t, fmt.Sprintf(`{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {"%s": {"%s": [%s]}}}`, c.operator, c.key, values))
	req := Request{Principal: "arn:aws:iam::111122223333:user/Alice", Action: "kms:Encrypt", Context: map[string][]string{}}
	for pair := range strings.FieldsSeq(c.context) {
		key, value, _ := strings.Cut(pair, "=")
		req.Context[key] = strings.Split(value, ",")
	}
	got, err := Simulate(doc, testEnv(), req)
	want := map[string]Decision{"+": Allowed, "-": ImplicitDeny, "?": Undecided}[c.want]
	if err != nil || got.Decision != want {
		t.Errorf("%s %s [%s] with %q: %s (%v), want %s", c.operator, c.key, c.values, c.context, got.Decision, err, want)
	}
}
