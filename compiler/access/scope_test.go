package access

import (
	"slices"
	"strings"
	"testing"
)

// TestAccountsThatLetIn: the account that lets somebody in is in the text, whatever pattern of ARNs the policy writes for all
// accounts; an exception does not take in callers who still get in.
func TestAccountsThatLetIn(t *testing.T) {
	allow := func(condition string) string {
		return `{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {` + condition + `}}`
	}
	deny := func(who, condition string) string {
		return `, {"Effect": "Deny", "Principal": ` + who + `, "Action": "kms:Decrypt", "Resource": "*", "Condition": {` + condition + `}}`
	}
	everyone := `{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}`
	arn := func(pattern string) string { return `"StringLike": {"aws:PrincipalArn": "` + pattern + `"}` }
	account := func(id string) string { return `"StringLikeIfExists": {"aws:PrincipalAccount": "` + id + `"}` }
	partner := `"StringEqualsIfExists": {"aws:PrincipalAccount": "444455556666"}`
	for name, c := range map[string]struct {
		statements string
		want       []string // rows, the own account's apart
		outside    []string
	}{
		"a pattern of roles, in an account by a condition": {
			allow(arn("arn:aws:iam::*:role/ci-*") + "," + partner),
			[]string{"arn:aws:iam::444455556666:role/ci-*"},
			[]string{"arn:aws:iam::444455556666:role/ci-*"},
		},
		"a pattern of roles, in accounts by the principal": {
			`{"Effect": "Allow", "Principal": {"AWS": ["444455556666", "777788889999"]}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {` + arn("*:role/ci-*") + `}}`,
			[]string{"arn:aws:iam::444455556666:role/ci-*", "arn:aws:iam::777788889999:role/ci-*"},
			[]string{"arn:aws:iam::444455556666:role/ci-*", "arn:aws:iam::777788889999:role/ci-*"},
		},
		"what all accounts may is said once": {
			allow(arn("arn:aws:iam::*:role/ci-*")) + deny(`{"AWS": "arn:aws:iam::444455556666:user/bob"}`, partner),
			[]string{"arn:aws:iam::*:role/ci-*"},
			[]string{"arn:aws:iam::*:role/ci-*"},
		},
		"the end of ARNs": {
			allow(arn("*-deploy") + "," + partner),
			[]string{"arn:aws:iam::444455556666:role/*-deploy", "arn:aws:iam::444455556666:user/*-deploy"},
			[]string{"arn:aws:iam::444455556666:role/*-deploy", "arn:aws:iam::444455556666:user/*-deploy"},
		},
		"an account by the beginning of its id, and roles by another pattern": {
			allow(arn("arn:aws:iam::*:role/ci-*") + "," + account("1234*")),
			[]string{"arn:aws:iam::1234*:role/ci-*"},
			[]string{"arn:aws:iam::1234*:role/ci-*"},
		},
		"all roles of accounts by the beginning of their ids": {
			allow(arn("arn:aws:iam::1234*:role/*")),
			[]string{"arn:aws:iam::1234*:role/*"},
			[]string{"arn:aws:iam::1234*:role/*"},
		},
		"all users of an account": {
			allow(`"StringEquals": {"aws:PrincipalType": "User"}, ` + partner),
			[]string{"arn:aws:iam::444455556666:user/*"},
			[]string{"arn:aws:iam::444455556666:user/*"},
		},
		"accounts by two patterns, of which one only asks for less": {
			allow(account("1234*")) + deny(`"*"`, `"Null": {"aws:PrincipalAccount": "true"}, `+account("*9")),
			[]string{"arn:aws:iam::1234*:root"},
			[]string{"account 1234*"},
		},
		"everybody but accounts of a pattern": {
			everyone + deny(`"*"`, account("1234*")),
			[]string{"* but arn:aws:iam::1234*:root"},
			[]string{"any account but arn:aws:iam::1234*:root"},
		},
		"accounts of a pattern but those of a narrower one": {
			allow(account("1234*")) + deny(`"*"`, account("12345*")),
			[]string{"arn:aws:iam::1234*:root but arn:aws:iam::12345*:root"},
			[]string{"account 1234* but arn:aws:iam::12345*:root"},
		},
		"everybody but the root users": {
			everyone + deny(`"*"`, `"StringEquals": {"aws:PrincipalType": "Account"}`),
			[]string{"* but arn:aws:iam::*:root"},
			[]string{"any account but arn:aws:iam::*:root"},
		},
		"everybody but root users by a pattern": {
			everyone + deny(`"*"`, arn("arn:aws:iam::1234*:root")),
			[]string{"* but arn:aws:iam::1234*:root"},
			[]string{"any account but arn:aws:iam::1234*:root"},
		},
		"everybody but an account, but a role of it": {
			everyone + deny(`{"AWS": "444455556666"}`, `"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/admin"}`),
			[]string{"* but arn:aws:iam::444455556666:root", "arn:aws:iam::444455556666:role/admin"},
			[]string{"any account but arn:aws:iam::444455556666:root", "arn:aws:iam::444455556666:role/admin"},
		},
		"everybody but roles of a pattern, but those of an account": {
			everyone + deny(`"*"`, arn("arn:aws:iam::*:role/dev-*")+`, "StringNotEquals": {"aws:PrincipalAccount": "444455556666"}`),
			[]string{"* but arn:aws:iam::*:role/dev-*", "arn:aws:iam::444455556666:role/dev-*"},
			[]string{"any account but arn:aws:iam::*:role/dev-*", "arn:aws:iam::444455556666:role/dev-*"},
		},
		"roles of a pattern but one": {
			allow(arn("arn:aws:iam::444455556666:role/a*")) + deny(`{"AWS": "arn:aws:iam::444455556666:role/admin"}`, `"StringLike": {"aws:PrincipalTag/x": "*"}`),
			[]string{"arn:aws:iam::444455556666:role/a* but arn:aws:iam::444455556666:role/admin", "arn:aws:iam::444455556666:role/admin"},
			[]string{"arn:aws:iam::444455556666:role/a* but arn:aws:iam::444455556666:role/admin", "arn:aws:iam::444455556666:role/admin"},
		},
		"roles of a pattern but those of another": {
			allow(arn("arn:aws:iam::444455556666:role/a*")) + deny(`"*"`, arn("*/*b")),
			[]string{"arn:aws:iam::444455556666:role/a* but arn:aws:iam::444455556666:*/*b"},
			[]string{"arn:aws:iam::444455556666:role/a* but arn:aws:iam::444455556666:*/*b"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := Analyze(statements(t, c.statements), testEnv())
			but := func(principal string, list []Exception) string {
				for _, e := range list {
					principal += " but " + e.Principal
				}
				return principal
			}
			var rows, outside []string
			for _, row := range r.Matrix {
				if row.Decision == NeedsIdentityPolicy {
					rows = append(rows, but(row.Principal, row.Except))
				}
			}
			for _, e := range r.External {
				outside = append(outside, but(e.Principal, e.Except))
			}
			slices.Sort(rows)
			if rows = slices.Compact(rows); !slices.Equal(rows, c.want) {
				t.Errorf("got %q, want %q", rows, c.want)
			}
			slices.Sort(outside)
			if !slices.Equal(outside, c.outside) {
				t.Errorf("outside: got %q, want %q", outside, c.outside)
			}
		})
	}
}

// TestTrustIsNoException: whom the question leaves out is not said to be denied anything.
func TestTrustIsNoException(t *testing.T) {
	env := testEnv()
	env.TrustAccounts = []string{"444455556666"}
	r := Analyze(statements(t, `{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}`), env)
	if len(r.External) != 1 || len(r.External[0].Except) > 0 {
		t.Errorf("outside: %v", r.External)
	}
}

// TestExceptionsOfAnAccountThatIsNotKnown: an exception does not name the account that is supposed for the key.
func TestExceptionsOfAnAccountThatIsNotKnown(t *testing.T) {
	r := Analyze(statements(t, `{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"},
		{"Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:root"}}}`), Env{Partition: "aws"})
	var got []string
	for _, row := range r.Matrix {
		got = append(got, written(row.Except)...)
	}
	slices.Sort(got)
	if want := []string{"arn:aws:iam::*:root never kms:Decrypt", "the key's own account never kms:Decrypt"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestNamesInAnotherCase: where a name is compared with and without regard to case, who has it in another case is not named as the
// one who has it as it is written.
func TestNamesInAnotherCase(t *testing.T) {
	both := func(effect, folded, exact string) string {
		return publicUnder(effect, `"StringEqualsIgnoreCase": `+folded+`, `+exact)
	}
	const app = `{"aws:PrincipalArn": "arn:aws:iam::111122223333:role/app"}`
	for _, policy := range []string{
		both("Allow", `{"aws:username": "carol"}`, `"StringNotEquals": {"aws:username": "carol"}`),
		both("Allow", app, `"ArnNotEquals": `+app),
		both("Allow", `{"aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:role/app"}`, `"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:role/app"}`),
		rootStatement + "," + both("Deny", app, `"StringNotLike": `+app),
	} {
		r, named := Analyze(statements(t, policy), testEnv()), 0
		for _, row := range r.Matrix {
			principals := []string{row.Principal}
			for _, e := range row.Except {
				principals = append(principals, e.Principal)
			}
			for _, p := range principals {
				switch name := p[strings.LastIndex(p, "/")+1:]; {
				case name == "app" || name == "carol":
					t.Errorf("%s: %s has %v, except %v", policy, p, row.Actions, row.Except)
				case strings.EqualFold(name, "app") || strings.EqualFold(name, "carol"):
					named++
				}
			}
		}
		if named == 0 {
			t.Errorf("%s: nobody is named", policy)
		}
	}
}

// TestVariablesOfOthers: a variable that only a statement about others has is not in what is said of everybody.
func TestVariablesOfOthers(t *testing.T) {
	r := Analyze(statements(t, `{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:Encrypt", "Resource": "*", "Condition": {"StringLike": {"kms:EncryptionContext:Project": ["${aws:PrincipalAccount}/x", "4444*"]}}},
		{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringLike": {"kms:EncryptionContext:Project": "4444*"}}}`), testEnv())
	for _, row := range r.Matrix {
		if row.Kind == "anyone" && row.Conditions.Text != "only with encryption context Project=4444*" {
			t.Errorf("%s: %s", row.Principal, row.Conditions.Text)
		}
	}
}
