package access

import (
	"slices"
	"strings"
	"testing"
)

// TestExceptionsUnderVariables: what a row about many says with a variable of the caller means other contexts for each of them, so
// who may less is found from what the words mean for it.
func TestExceptionsUnderVariables(t *testing.T) {
	statement := func(effect, who, action, conditions string) string {
		return `{"Effect": "` + effect + `", "Principal": ` + who + `, "Action": [` + action + `], "Resource": "*", "Condition": {` + conditions + `}}`
	}
	const (
		decrypt, both   = `"kms:Decrypt"`, `"kms:Decrypt", "kms:Encrypt"`
		partnerAccount  = `{"AWS": "444455556666"}`
		mine            = `"StringEquals": {"kms:EncryptionContext:Project": "${aws:username}"}`
		mineOrAnonymous = `"StringEquals": {"kms:EncryptionContext:Project": "${aws:username, 'anon'}"}`
		ofAccount       = `"StringEquals": {"kms:EncryptionContext:Account": "${aws:PrincipalAccount}"}`
		beginsWithA     = `"StringLike": {"aws:username": "a*"}`
	)
	deny := func(action, conditions string) string { return statement("Deny", `"*"`, action, conditions) }
	for name, c := range map[string]struct {
		statements string
		want       []string // rows with exceptions
		without    string   // whom no row is about
	}{
		"who may one action only": {
			statement("Allow", `"*"`, both, mine) + ", " + deny(`"kms:Encrypt"`, beginsWithA),
			[]string{"arn:aws:iam::111122223333:user/* except arn:aws:iam::111122223333:user/a* never kms:Encrypt", "arn:aws:iam::*:user/* except arn:aws:iam::*:user/a* never kms:Encrypt"},
			"",
		},
		"who may one action only, by name": {
			statement("Allow", `"*"`, both, mine) + ", " + deny(`"kms:Encrypt"`, `"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:user/alice"}`),
			[]string{"arn:aws:iam::111122223333:user/* except arn:aws:iam::111122223333:user/alice never kms:Encrypt", "arn:aws:iam::*:user/* except arn:aws:iam::111122223333:user/alice never kms:Encrypt"},
			"",
		},
		"a Deny of the variable beside what the account may": {
			rootStatement + ", " + statement("Allow", `"*"`, decrypt, mineOrAnonymous) + ", " + deny(decrypt, `"StringLike": {"aws:username": "a*", "kms:EncryptionContext:Project": "${aws:username, 'anon'}"}`),
			[]string{"* except arn:aws:iam::*:user/a* never kms:Decrypt", "arn:aws:iam::111122223333:root except arn:aws:iam::111122223333:user/a* kms:Decrypt"},
			"",
		},
		"a Deny of part of the variable": {
			statement("Allow", `"*"`, decrypt, `"StringLike": {"kms:EncryptionContext:Project": "${aws:username}*"}`) + ", " + deny(decrypt, beginsWithA+`, "StringEquals": {"kms:EncryptionContext:Project": "${aws:username}-x"}`),
			[]string{"arn:aws:iam::111122223333:user/* except arn:aws:iam::111122223333:user/a* kms:Decrypt", "arn:aws:iam::*:user/* except arn:aws:iam::*:user/a* kms:Decrypt"},
			"",
		},
		"all but the variable": {
			statement("Allow", `"*"`, both, strings.Replace(mine, "StringEquals", "StringNotEquals", 1)) + ", " + deny(`"kms:Encrypt"`, beginsWithA),
			[]string{"arn:aws:iam::111122223333:root except arn:aws:iam::111122223333:user/a* never kms:Encrypt", "* except arn:aws:iam::*:user/a* never kms:Encrypt"},
			"",
		},
		"another account, which may one action only": {
			statement("Allow", `"*"`, both, ofAccount) + ", " + statement("Deny", partnerAccount, `"kms:Encrypt"`, ""),
			[]string{"* except arn:aws:iam::444455556666:root never kms:Encrypt"},
			"444455556666",
		},
		"another account with a statement of its own": {
			statement("Allow", `"*"`, decrypt, ofAccount) + ", " + statement("Allow", partnerAccount, decrypt, "") + ", " + statement("Deny", partnerAccount, decrypt, ofAccount),
			[]string{"* except arn:aws:iam::444455556666:root kms:Decrypt"},
			"",
		},
		"an account that differs in nothing": {
			statement("Allow", `"*"`, decrypt, ofAccount) + ", " + statement("Deny", partnerAccount, `"kms:Encrypt"`, ""),
			nil,
			"444455556666",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := Analyze(statements(t, c.statements), testEnv())
			var got []string
			for _, row := range r.Matrix {
				for _, e := range written(row.Except) {
					got = append(got, row.Principal+" except "+e)
				}
				if c.without != "" && strings.Contains(row.Principal, c.without) {
					t.Errorf("a row of its own for %s: %v %s", row.Principal, row.Actions, row.Conditions.Text)
				}
			}
			slices.Sort(got)
			want := slices.Sorted(slices.Values(c.want))
			if got = slices.Compact(got); !slices.Equal(got, want) {
				t.Errorf("got %q\nwant %q\nin %s", got, want, strings.Join(entries(r), "\n"))
			}
		})
	}
}

// TestCallersComparedWithAVariable: whom a text with a variable names is said by the text, of rows and changes, as roles of other names
// get nothing by it.
func TestCallersComparedWithAVariable(t *testing.T) {
	const pattern = "arn:aws:iam::111122223333:role/${aws:PrincipalTag/team}-*"
	old := statements(t, rootStatement)
	for _, c := range []struct{ effect, operator, row, change string }{
		{"Allow", "ArnLike", "only with aws:PrincipalArn " + pattern, "only with aws:PrincipalArn " + pattern},
		{"Allow", "StringLike", "only with aws:PrincipalArn " + pattern, "only with aws:PrincipalArn " + pattern},
		{"Deny", "ArnNotLike", "only with aws:PrincipalArn " + pattern, "only with aws:PrincipalArn, but not " + pattern},
	} {
		now := statements(t, rootStatement+`, {"Effect": "`+c.effect+`", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"`+c.operator+`": {"aws:PrincipalArn": "`+pattern+`"}}}`)
		var rows, changes []string
		for _, row := range Analyze(now, testEnv()).Matrix {
			if row.Kind == "role" && slices.Contains(row.Actions, "kms:Decrypt") {
				rows = append(rows, row.Principal+" "+row.Conditions.Text)
			}
		}
		d := Diff(old, now, testEnv(), testEnv())
		for _, change := range slices.Concat(d.Added, d.Removed) {
			if change.Kind == "role" && strings.Contains(change.Principal, testAccount) {
				changes = append(changes, change.Principal+" "+change.Conditions.Text)
			}
			for key, values := range change.Witness.Context {
				if key == "aws:PrincipalTag/team" && strings.Contains(strings.Join(values, " "), "arn:") {
					t.Errorf("%s %s: an ARN as a tag: %v", c.effect, c.operator, change.Witness)
				}
			}
		}
		roles := "arn:aws:iam::111122223333:role/* "
		if !slices.Equal(rows, []string{roles + c.row}) || !slices.Equal(changes, []string{roles + c.change}) {
			t.Errorf("%s %s: rows %q, changes %q", c.effect, c.operator, rows, changes)
		}
	}
}
