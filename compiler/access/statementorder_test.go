package access

import (
	"slices"
	"testing"
)

// TestOrderOfStatementsChangesNoWord: whatever the order of statements, contexts are described in the same words, rows are in the
// same order, and a caller who may do no more than others has no row of its own.
func TestOrderOfStatementsChangesNoWord(t *testing.T) {
	star := `"Effect": "Allow", "Principal": "*", "Resource": "*", "Action": "kms:CreateGrant", "Condition": `
	role := `"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/team/deploy"}, "Resource": "*", "Action": "kms:Encrypt", "Condition": `
	root := `"Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Resource": "*", `
	for name, list := range map[string][]string{
		"alternatives that overlap": {
			`{` + star + `{"Bool": {"aws:PrincipalTag/project": ["true", "false"]}}}`,
			`{` + star + `{"BoolIfExists": {"aws:PrincipalTag/project": "false"}, "StringEquals": {"aws:PrincipalTag/team": "${aws:username}"}}}`,
		},
		"an alternative that is part of a comparison": {
			`{` + role + `{"StringEqualsIgnoreCase": {"aws:ResourceTag/project": "${aws:PrincipalTag/project}"}}}`,
			`{` + role + `{"StringEqualsIgnoreCase": {"aws:ResourceTag/project": ["${aws:PrincipalTag/project}", "Alpha"], "kms:EncryptionAlgorithm": "RSAES_OAEP_SHA_1"}}}`,
		},
		"editors under different conditions": {
			`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/carol"}, "Resource": "*", "Action": "kms:*", "Condition": {"DateEqualsIfExists": {"aws:EpochTime": "2030-06-30T12:00:00Z"}}}`,
			`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"}, "Resource": "*", "Action": "kms:PutKeyPolicy", "Condition": {"NumericEqualsIfExists": {"aws:MultiFactorAuthAge": "3600.5"}}}`,
		},
		"what all of an account may, in several parts": {
			`{` + root + `"Effect": "Deny", "Action": "kms:Decrypt", "Condition": {"StringEqualsIgnoreCase": {"kms:EncryptionContext:Project": ["A*", "${aws:PrincipalTag/project}"]}}}`,
			`{` + root + `"Effect": "Allow", "Action": "kms:*", "Condition": {"StringNotEquals": {"kms:EncryptionContext:Project": "Beta"}, "StringNotLike": {"aws:username": "*"}}}`,
			`{` + root + `"Effect": "Allow", "Action": "kms:*"}`,
		},
		"root users of other accounts, in several parts": {
			`{` + star + `{"StringEqualsIfExists": {"kms:EncryptionContext:team": "x-${aws:PrincipalTag/project}-*"}}}`,
			`{` + star + `{"StringEquals": {"kms:EncryptionContext:team": "x-${aws:PrincipalTag/project,'A'}"}}}`,
		},
		"one condition with and without IfExists, beside a variable of the caller": {
			`{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Resource": "*", "Action": "kms:*Key*", "Condition": {"StringLikeIfExists": {"kms:EncryptionContext:Project": ["a*", "${aws:username, 'anon'}"]}}}`,
			`{"Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"}, "Resource": "*", "Action": "kms:Encrypt", "Condition": {"StringLike": {"kms:EncryptionContext:Project": ["a*", "${aws:username, 'anon'}"]}}}`,
		},
		"one condition with and without IfExists, on what a caller is not": {
			`{"Effect": "Allow", "Principal": "*", "Resource": "*", "Action": "kms:Encrypt", "Condition": {"StringNotLike": {"kms:EncryptionContext:Project": "${aws:username}-*"}}}`,
			`{"Effect": "Deny", "Principal": "*", "Resource": "*", "Action": "kms:Encrypt", "Condition": {"StringLikeIfExists": {"kms:EncryptionContext:Project": ["zed-*", "${aws:username}-*"]}}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			report := func(list []string) string {
				text := list[0]
				for _, s := range list[1:] {
					text += "," + s
				}
				return withoutPlaces(Analyze(statements(t, text), testEnv()))
			}
			forward := report(list)
			slices.Reverse(list)
			if backward := report(list); forward != backward {
				t.Errorf("one order\n%s\nthe other\n%s", forward, backward)
			}
		})
	}
}

// withoutPlaces is a report as text, but for what says where statements are, and for its examples.
func withoutPlaces(r *Report) string {
	for i := range r.External {
		r.External[i].Statements = nil
	}
	for i := range r.ConfusedDeputy {
		r.ConfusedDeputy[i].Statements, r.ConfusedDeputy[i].Witness = nil, Request{}
	}
	for i := range r.Matrix {
		r.Matrix[i].Statements = nil
	}
	for i := range r.Unknown {
		r.Unknown[i].Text = "" // it names a statement
	}
	r.Statements = nil
	return withoutWitnesses(r)
}

// TestConditionsOfAllEditors: where editors can change the policy under different conditions, each is said.
func TestConditionsOfAllEditors(t *testing.T) {
	l := Analyze(statements(t, `
		{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/carol"}, "Resource": "*", "Action": "kms:*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}},
		{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"}, "Resource": "*", "Action": "kms:PutKeyPolicy", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}`), testEnv()).Lockout
	if want := "only from 203.0.113.0/24; or only with MFA"; l.Conditions.Text != want || len(l.Conditions.AnyOf) != 2 || l.Editors != EditorsConditional {
		t.Errorf("%s: %q, want %q", l.Editors, l.Conditions.Text, want)
	}
}
