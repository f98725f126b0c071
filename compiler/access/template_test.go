package access

import (
	"strings"
	"testing"
)

// TestVariablesAreDecided: texts around a variable, defaults, tags under Bool and the caller's own account are worked out.
func TestVariablesAreDecided(t *testing.T) {
	for _, test := range []struct{ condition, public string }{
		{`"StringLike": {"aws:username": "a*", "kms:EncryptionContext:user": "a*"}, "StringNotLike": {"kms:EncryptionContext:user": "${aws:username}*"}`, "yes"},
		{`"StringLike": {"aws:PrincipalTag/team": "a*", "aws:ResourceTag/team": "a*"}, "StringNotLike": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}*"}`, "yes"},
		{`"StringLike": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}-*"}`, "yes"},
		{`"StringLike": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}-*"}, "StringEquals": {"aws:PrincipalTag/team": "core"}`, "yes"},
		{`"StringLike": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}-*"}, "StringEquals": {"aws:PrincipalTag/team": "core", "aws:ResourceTag/team": "core"}`, "no"},
		{`"StringLike": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}-*"}, "Null": {"aws:PrincipalTag/team": "true"}`, "no"},
		{`"StringLike": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}-*"}, "StringEquals": {"aws:ResourceTag/team": "core-x"}`, "yes"},
		{`"StringLike": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}-*"}, "StringEquals": {"aws:ResourceTag/team": "core-x"}, "StringNotEquals": {"aws:PrincipalTag/team": "core"}`, "no"},
		{`"StringLike": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}-*"}, "StringLikeIfExists": {"aws:ResourceTag/team": "a*z"}, "StringNotEquals": {"aws:PrincipalTag/team": "a"}`, "yes"},
		{`"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team, 'core'}"}, "Null": {"aws:PrincipalTag/team": "true"}`, "yes"},
		{`"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team, 'core'}"}, "Null": {"aws:PrincipalTag/team": "true"}, "StringNotEquals": {"aws:ResourceTag/team": "core"}`, "no"},
		{`"StringEquals": {"kms:EncryptionContext:user": "${aws:username, 'anon'}"}, "StringNotLike": {"kms:EncryptionContext:user": "a*"}, "Null": {"aws:username": "true"}`, "no"},
		{`"StringLike": {"kms:EncryptionContext:arn": "arn:aws:s3:::b-${aws:PrincipalAccount}/*"}, "StringNotLike": {"kms:EncryptionContext:arn": "arn:aws:s3:::b-*"}, "Bool": {"aws:PrincipalIsAWSService": "false"}`, "no"},
		{`"StringLike": {"kms:EncryptionContext:user": "${aws:username, 'no user'}-*"}, "Null": {"aws:username": "true"}`, "yes"},
		{`"StringEquals": {"kms:EncryptionContext:user": "${aws:username, 'no user'}-x"}, "Null": {"aws:username": "true"}`, "yes"},
		{`"StringLike": {"kms:EncryptionContext:u": "${aws:userid}-*"}`, "yes"},
		{`"StringEqualsIgnoreCase": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}`, "yes"},
		{`"Bool": {"aws:PrincipalTag/admin": "true"}`, "yes"},
		{`"Bool": {"aws:PrincipalTag/admin": "true"}, "StringEquals": {"aws:PrincipalTag/admin": "yes"}`, "no"},
		{`"Bool": {"aws:PrincipalTag/admin": "false"}, "StringEquals": {"aws:PrincipalTag/admin": "yes"}`, "no"},
		{`"Bool": {"aws:PrincipalTag/admin": "true"}, "StringNotEqualsIgnoreCase": {"aws:PrincipalTag/admin": "true"}`, "no"},
		{`"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:role/app-*"}`, "yes"},
		{`"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:role/app"}`, "yes"},
		{`"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:role/app", "aws:PrincipalType": "User"}`, "no"},
		{`"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:role/app-*"}, "StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}`, "no"},
	} {
		doc := statements(t, rootStatement+","+publicUnder("Allow", test.condition))
		a := NewAnalysis(doc, testEnv())
		answer, _ := a.Public()
		a.External()
		a.Statements()
		if string(answer) != test.public || len(a.Unknown()) > 0 {
			t.Errorf("%s: public %s, want %s; not known: %v", test.condition, answer, test.public, a.Unknown())
		}
	}
}

// TestTheTextBesideAVariableBounds: what no value of the variable makes match is decided, also where the rest is not.
func TestTheTextBesideAVariableBounds(t *testing.T) {
	for condition, want := range map[string]string{
		`"StringLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/${aws:PrincipalTag/x}-*"}`:                                       "no",
		`"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/${aws:PrincipalTag/x}-*"}`:                                          "no",
		`"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalTag/x}:role/app"}`:                                                     "unknown",
		`"StringNotLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/${aws:PrincipalTag/x}-*"}`:                                    "yes",
		`"StringLike": {"aws:PrincipalAccount": "1111${aws:PrincipalTag/x}"}, "StringEquals": {"aws:PrincipalAccount": "444455556666"}`:      "no",
		`"ForAnyValue:StringLike": {"kms:EncryptionContextKeys": "${aws:PrincipalTag/x}-*"}, "StringLike": {"aws:PrincipalTag/x": "a?c"}`:    "unknown",
		`"StringEquals": {"aws:PrincipalOrgID": "o-${aws:PrincipalTag/a}${aws:PrincipalTag/b}"}, "StringLike": {"aws:PrincipalOrgID": "x*"}`: "no",
		`"StringEquals": {"aws:ResourceTag/t": "o-${aws:PrincipalTag/a}${aws:PrincipalTag/b}"}, "StringLike": {"aws:ResourceTag/t": "x*"}`:   "no",
	} {
		a := NewAnalysis(statements(t, rootStatement+","+publicUnder("Allow", condition)), testEnv())
		if answer, _ := a.Public(); string(answer) != want {
			t.Errorf("%s: public %s, want %s: %v", condition, answer, want, texts(a.Unknown()))
		}
		outside := NewAnalysis(a.doc, testEnv())
		if list := outside.External(); (len(list) > 0) != (want == "yes") || want != "yes" && (len(outside.Unknown()) > 0) != (want == "unknown") {
			t.Errorf("%s: outsiders %v, public %s; not known: %v", condition, list, want, texts(outside.Unknown()))
		}
	}
	// The Deny holds for every caller whom the text leaves out, whatever the tag's value is.
	for deny, want := range map[string]string{
		`"StringNotLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/${aws:PrincipalTag/x}-*"}`: "no",
		`"StringLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/${aws:PrincipalTag/x}-*"}`:    "yes",
	} {
		a := NewAnalysis(statements(t, rootStatement+","+publicUnder("Allow", `"Bool": {"aws:PrincipalIsAWSService": "false"}`)+","+publicUnder("Deny", deny)), testEnv())
		if answer, _ := a.Public(); string(answer) != want {
			t.Errorf("Deny %s: public %s, want %s", deny, answer, want)
		}
	}
}

// TestVariablesThatAreNotDecidedSayWhy: the reason is the condition's own, and it says what to write instead.
func TestVariablesThatAreNotDecidedSayWhy(t *testing.T) {
	for condition, want := range map[string]string{
		`"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}-${aws:PrincipalTag/env}"}`:                                               "use one variable",
		`"StringLike": {"aws:ResourceTag/team": "*-${aws:PrincipalTag/team}"}`:                                                                       "begin the value with the variable",
		`"ForAnyValue:StringLike": {"kms:EncryptionContextKeys": "${aws:PrincipalTag/team}-*"}`:                                                      "compare a key of one value",
		`"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/${aws:PrincipalTag/team}-*"}`:                                               "write the callers",
		`"StringLike": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}-*", "aws:ResourceTag/app": "${aws:ResourceTag/team}-*"}`:                   "one key with one variable",
		`"StringEqualsIgnoreCase": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}, "StringLike": {"aws:ResourceTag/team": ["a*", "b*", "*c"]}`: "use StringEquals",
	} {
		a := NewAnalysis(statements(t, rootStatement+","+publicUnder("Allow", condition)), testEnv())
		a.Public()
		a.External()
		a.Statements()
		a.Matrix()
		for _, r := range a.Unknown() {
			if strings.Contains(r.Text, "overlap") || strings.Contains(r.Text, "Deny") {
				t.Errorf("%s: the reason is %q", condition, r.Text)
			}
		}
		found := false
		for _, r := range a.Unknown() {
			found = found || strings.Contains(r.Text, want)
		}
		if !found {
			t.Errorf("%s: no reason says %q: %v", condition, want, a.Unknown())
		}
	}
}
