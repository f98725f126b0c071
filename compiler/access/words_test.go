package access

import (
	"fmt"
	"strings"
	"testing"
)

// TestConditionsInWords: what a row's conditions say of a request.
func TestConditionsInWords(t *testing.T) {
	for _, c := range []struct{ conditions, text string }{
		{`{"StringEquals": {"aws:PrincipalTag/team": ["", "red"]}}`, `only with aws:PrincipalTag/team "" or red`},
		{`{"StringEquals": {"aws:PrincipalTag/team": "red*"}}`, `only with aws:PrincipalTag/team "red*"`},
		{`{"StringLike": {"aws:PrincipalTag/team": "red*"}}`, `only with aws:PrincipalTag/team red*`},
		{`{"StringEqualsIgnoreCase": {"aws:PrincipalTag/team": "red"}}`, `only with aws:PrincipalTag/team red in any case`},
		{`{"StringLike": {"aws:PrincipalTag/team": ["red", "blue-*"]}, "StringNotEquals": {"aws:PrincipalTag/team": "red"}}`, `only with aws:PrincipalTag/team blue-*`},
		{`{"StringLike": {"aws:PrincipalTag/team": ["", "red", "blue-*"]}, "StringNotEquals": {"aws:PrincipalTag/team": "red"}}`, `only with aws:PrincipalTag/team "" or blue-*`},
		{`{"StringLike": {"aws:PrincipalTag/team": ["red*", "blue-*"]}, "StringNotLike": {"aws:PrincipalTag/team": ["red*", "green"]}}`, `only with aws:PrincipalTag/team blue-*`},
		{`{"StringLike": {"aws:PrincipalTag/team": "red*"}, "StringNotLike": {"aws:PrincipalTag/team": ["*-x", "green"]}}`, `only with aws:PrincipalTag/team red* but not *-x`},
		{`{"StringEquals": {"kms:EncryptionContext:Department": "IT"}, "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["Department"]}}`, `only with encryption context Department=IT, only with kms:EncryptionContextKeys only Department`},
		{`{"StringEquals": {"kms:EncryptionContext:Department": "IT"}, "Null": {"kms:EncryptionContextKeys": "false"}}`, `only with encryption context Department=IT`},
		{`{"StringEquals": {"kms:EncryptionContext:Department": "IT"}, "ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": ["Department"]}}`, `only with encryption context Department=IT, only with kms:EncryptionContextKeys one of Department`},
		{`{"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["Department"]}}`, `only with kms:EncryptionContextKeys only Department or without kms:EncryptionContextKeys`},
	} {
		statement := fmt.Sprintf(`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/x"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": %s}`, c.conditions)
		r := Analyze(statements(t, statement), testEnv())
		if len(r.Matrix) != 1 || r.Matrix[0].Conditions.Text != c.text {
			t.Errorf("%s: %+v, want %q", c.conditions, r.Matrix, c.text)
		}
	}
}

// TestConditionsThatReadAlike: rows and changes are joined where their conditions are the same, and not where they only read so.
func TestConditionsThatReadAlike(t *testing.T) {
	statement := func(operator, action string) string {
		return fmt.Sprintf(`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/x"}, "Action": %q, "Resource": "*", "Condition": {%q: {"kms:EncryptionContext:topic": "arn:aws:sns:*:111122223333:t"}}}`, action, operator)
	}
	both := statements(t, statement("ArnLike", "kms:Decrypt")+","+statement("StringLike", "kms:Encrypt"))
	if r := Analyze(both, testEnv()); len(r.Matrix) != 2 {
		t.Errorf("one row for two operators: %+v", r.Matrix)
	}
}

// TestVariablesOfTheOlderVersion: Version 2008-10-17 has none, so that what looks like one is text, and is written as such.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
func TestVariablesOfTheOlderVersion(t *testing.T) {
	const statement = `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/x"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "${aws:username}"}}}`
	text := `{"Version": "2012-10-17", "Statement": [` + statement + `]}`
	older := read(t, strings.Replace(text, "2012-10-17", "2008-10-17", 1))
	if r := Analyze(older, testEnv()); len(r.Matrix) != 1 || r.Matrix[0].Conditions.Text != "only with aws:PrincipalTag/team ${$}{aws:username}" {
		t.Errorf("%+v", r.Matrix)
	}
	if d := Diff(older, read(t, text), testEnv(), testEnv()); d.Equivalent {
		t.Error("a text is the same as a variable")
	}
}

// TestContraryOfBounds: what is less than none of some bounds is at least the greatest of them.
func TestContraryOfBounds(t *testing.T) {
	for condition, want := range map[string]string{
		`{"DateLessThan": {"aws:CurrentTime": ["1900000000", "2026-01-01T00:00:00Z"]}}`:             "DateGreaterThanEquals 1900000000",
		`{"DateGreaterThan": {"aws:CurrentTime": ["1900000000", "2026-01-01T00:00:00Z"]}}`:          "DateLessThanEquals 2026-01-01T00:00:00Z",
		`{"NumericLessThanEquals": {"kms:ScheduleKeyDeletionPendingWindowInDays": ["9", "10"]}}`:    "NumericGreaterThan 10",
		`{"NumericGreaterThanEquals": {"kms:ScheduleKeyDeletionPendingWindowInDays": ["9", "10"]}}`: "NumericLessThan 9",
	} {
		report := Analyze(statements(t, rootStatement+`,{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/a"}, "Action": "kms:ScheduleKeyDeletion", "Resource": "*"},`+
			`{"Effect": "Deny", "Principal": "*", "Action": "kms:ScheduleKeyDeletion", "Resource": "*", "Condition": `+condition+`}`), testEnv())
		found := false
		for _, row := range report.Matrix {
			for _, keys := range row.Conditions.AnyOf {
				for _, c := range keys {
					found = found || c.Operator+" "+strings.Join(c.Values, ", ") == want
				}
			}
		}
		if !found {
			t.Errorf("%s: %+v, want %s", condition, report.Matrix, want)
		}
	}
}
