package access

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestMatrixSaysNothingTwice: of those that a policy names, only what goes beyond what all of their account may do.
func TestMatrixSaysNothingTwice(t *testing.T) {
	const account = `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}`
	const user = `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/a"}, "Action": "kms:Decrypt", "Resource": "*",
		"Condition": {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}}`
	const denied = `{"Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::111122223333:user/a"}, "Action": "kms:Encrypt", "Resource": "*",
		"Condition": {"StringNotEqualsIfExists": {"aws:SourceVpce": "vpce-1"}}}`
	tests := []struct {
		name, statements string
		rows, editors    []string
	}{
		{"only the account", account, []string{"everything needs_identity_policy"}, []string{"arn:aws:iam::111122223333:root"}},
		{
			"a user with more in some contexts", account + "," + user,
			[]string{"everything needs_identity_policy", "user/a kms:Decrypt allowed only through s3.us-east-1"},
			[]string{"arn:aws:iam::111122223333:root"},
		},
		{
			"a user with less in some contexts", account + "," + denied,
			[]string{"everything needs_identity_policy", "user/a kms:Encrypt needs_identity_policy only through VPC endpoint vpce-1"},
			[]string{"arn:aws:iam::111122223333:root"},
		},
	}
	effective := newWide(0).actions
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := NewAnalysis(read(t, `{"Version": "2012-10-17", "Statement": [`+test.statements+`]}`), testEnv())
			var rows []string
			for _, r := range a.Matrix() {
				who := r.Principal[len("arn:aws:iam::111122223333:"):] + " "
				if who == "root " {
					who = ""
				}
				what := strings.Join(r.Actions, " ")
				if len(r.Actions) == len(effective) {
					what = "everything"
				}
				text := fmt.Sprintf("%s%s %s", who, what, r.Decision)
				if r.Conditions.Text != "" {
					text += " " + r.Conditions.Text
				}
				rows = append(rows, text)
			}
			if !slices.Equal(rows, test.rows) {
				t.Errorf("rows %q, want %q", rows, test.rows)
			}
			if got := a.Lockout().Principals; !slices.Equal(got, test.editors) {
				t.Errorf("editors %q, want %q", got, test.editors)
			}
		})
	}
}

// TestRowsOfPatternsAreWhole: a pattern's callers are of several accounts, and one of these has some of it anyway.
func TestRowsOfPatternsAreWhole(t *testing.T) {
	const policy = `{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}, "Action": "kms:Decrypt", "Resource": "*"},
		{"Effect": "Allow", "Principal": "*", "Action": ["kms:Decrypt", "kms:Encrypt"], "Resource": "*",
			"Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deploy"}}}]}`
	a := NewAnalysis(read(t, policy), testEnv())
	var rows []string
	for _, r := range a.Matrix() {
		if strings.HasSuffix(r.Principal, ":role/deploy") {
			rows = append(rows, fmt.Sprint(r.Principal, " ", r.Decision, " ", len(r.Actions)))
		}
	}
	if want := []string{"arn:aws:iam::*:role/deploy needs_identity_policy 2", "arn:aws:iam::111122223333:role/deploy allowed 2"}; !slices.Equal(rows, want) {
		t.Errorf("got %q, want %q", rows, want)
	}
	for _, e := range a.External() {
		if e.Principal == "arn:aws:iam::*:role/deploy" && len(e.Actions) != 2 {
			t.Errorf("outside it has %v", e.Actions)
		}
	}
}

// TestRedundantByTheFewest: what covers a statement is named, and not all that touches it.
func TestRedundantByTheFewest(t *testing.T) {
	const policy = `{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"},
		{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": ["kms:Decrypt", "kms:Encrypt"], "Resource": "*"},
		{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:Decrypt", "Resource": "*"}]}`
	for _, st := range NewAnalysis(read(t, policy), testEnv()).Statements()[1:] {
		if st.Status != Redundant || !slices.Equal(st.By, []int{0}) {
			t.Errorf("statement %d is %s by %v, want redundant by 0", st.Index, st.Status, st.By)
		}
	}
}

// TestRowsOfStrangersAreOutsiders: accounts that the policy does not name have a row where they are outsiders, and only there.
func TestRowsOfStrangersAreOutsiders(t *testing.T) {
	for condition, outside := range map[string]bool{
		`{"StringEquals": {"aws:SourceAccount": "111122223333"}}`:                                    false,
		`{"StringEqualsIfExists": {"aws:SourceAccount": "111122223333"}}`:                            true,
		`{"StringLike": {"aws:SourceAccount": "*"}}`:                                                 true,
		`{"ArnLike": {"aws:SourceArn": "arn:aws:sns:us-east-1:111122223333:*"}}`:                     false,
		`{"ArnLike": {"aws:SourceArn": "arn:aws:sns:us-east-1:*:*"}}`:                                true,
		`{"StringEquals": {"kms:CallerAccount": "111122223333"}}`:                                    false,
		`{"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}`:                         true,
		`{"Null": {"aws:SourceAccount": "false"}}`:                                                   true,
		`{"StringNotEquals": {"aws:SourceAccount": "111122223333"}}`:                                 true,
		`{"ForAnyValue:StringLike": {"aws:SourceOrgPaths": "o-a1b2c3d4e5/r-ab12/*"}}`:                false,
		`{"StringEquals": {"aws:SourceAccount": "111122223333", "aws:SourceOrgID": "o-a1b2c3d4e5"}}`: false,
	} {
		report := Analyze(statements(t, rootStatement+`,{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": `+condition+`}`), testEnv())
		row := slices.ContainsFunc(report.Matrix, func(r Row) bool { return r.Kind == "anyone" })
		if external, public := len(report.External) > 0, report.Public != No; row != outside || external != outside || public != outside {
			t.Errorf("%s: matrix %t, external %t, public %t, want %t", condition, row, external, public, outside)
		}
	}
}

// TestCallerAccountIsWritten: where a policy lets in one account, a pattern with a variable for the caller's account is of that.
func TestCallerAccountIsWritten(t *testing.T) {
	for principal, want := range map[string]string{
		`{"AWS": "arn:aws:iam::444455556666:root"}`: "arn:aws:iam::444455556666:role/app",
		`"*"`: "arn:aws:iam::${aws:PrincipalAccount}:role/app",
	} {
		report := Analyze(statements(t, `{"Effect": "Allow", "Principal": `+principal+`, "Action": "kms:Decrypt", "Resource": "*",
			"Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:role/app"}}}`), testEnv())
		row := slices.ContainsFunc(report.Matrix, func(r Row) bool { return r.Principal == want })
		if !row || len(report.External) != 1 || report.External[0].Principal != want {
			t.Errorf("%s: %+v, external %+v, want %s", principal, report.Matrix, report.External, want)
		}
	}
}
