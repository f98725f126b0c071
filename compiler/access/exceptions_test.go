package access

import (
	"slices"
	"strings"
	"testing"
)

// TestExceptionsOfRows: a row about many says who of them may less, whom a Deny or an exception in a condition names.
func TestExceptionsOfRows(t *testing.T) {
	everyone := `{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}`
	deny := func(who, action, condition string) string {
		return `, {"Effect": "Deny", "Principal": {"AWS": ` + who + `}, "Action": "` + action + `", "Resource": "*"` + condition + `}`
	}
	mfa := `, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}`
	for name, c := range map[string]struct {
		statements string
		kind       string // of the row
		want       []string
	}{
		"users and roles by name":         {rootStatement + deny(`["arn:aws:iam::111122223333:user/bob", "arn:aws:iam::111122223333:role/app"]`, "kms:Decrypt", ""), "account", []string{"arn:aws:iam::111122223333:role/app never kms:Decrypt", "arn:aws:iam::111122223333:user/bob never kms:Decrypt"}},
		"in some contexts":                {rootStatement + deny(`"arn:aws:iam::111122223333:user/bob"`, "kms:Decrypt", mfa), "account", []string{"arn:aws:iam::111122223333:user/bob kms:Decrypt"}},
		"a session":                       {rootStatement + deny(`"arn:aws:sts::111122223333:assumed-role/app/s1"`, "kms:Decrypt", ""), "account", []string{"arn:aws:sts::111122223333:assumed-role/app/s1 never kms:Decrypt"}},
		"a role with its session":         {rootStatement + deny(`["arn:aws:iam::111122223333:role/app", "arn:aws:sts::111122223333:assumed-role/app/s1"]`, "kms:Decrypt", ""), "account", []string{"arn:aws:iam::111122223333:role/app never kms:Decrypt"}},
		"a pattern of roles":              {rootStatement + deny(`"*"`, "kms:Decrypt", `, "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/team/*"}}`), "account", []string{"arn:aws:iam::111122223333:role/team/* never kms:Decrypt"}},
		"the root user":                   {rootStatement + deny(`"*"`, "kms:Decrypt", `, "Condition": {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:root"}}`), "account", []string{"arn:aws:iam::111122223333:root never kms:Decrypt"}},
		"another account":                 {everyone + deny(`"444455556666"`, "kms:Decrypt", ""), "anyone", []string{"arn:aws:iam::444455556666:root never kms:Decrypt"}},
		"another account's role too":      {everyone + deny(`["444455556666", "arn:aws:iam::444455556666:role/app"]`, "kms:Decrypt", ""), "anyone", []string{"arn:aws:iam::444455556666:root never kms:Decrypt"}},
		"another account's role":          {everyone + deny(`"arn:aws:iam::444455556666:role/app"`, "kms:Decrypt", ""), "anyone", []string{"arn:aws:iam::444455556666:role/app never kms:Decrypt"}},
		"an exception in a condition":     {`{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringNotEquals": {"aws:PrincipalAccount": "444455556666"}}}`, "anyone", []string{"arn:aws:iam::444455556666:root never kms:Decrypt"}},
		"a role, of roles of any account": {`{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringLikeIfExists": {"aws:userid": "AROA1234567890ABCDEFG:*"}}}` + deny(`"*"`, "kms:Decrypt", `, "Condition": {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/app"}}`), "role", []string{"arn:aws:iam::111122223333:role/app never kms:Decrypt", "arn:aws:iam::111122223333:role/app never kms:Decrypt"}},
		"a pattern of names":              {`{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringNotLike": {"aws:username": "a*"}}}`, "anyone", []string{"arn:aws:iam::*:user/a* never kms:Decrypt"}},
		"an account, of users of any":     {`{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/*"}, "StringNotEquals": {"aws:PrincipalAccount": "111122223333"}}}`, "user", []string{"arn:aws:iam::111122223333:user/* never kms:Decrypt"}},
		"nobody":                          {everyone + "," + rootStatement, "anyone", nil},
		"whom a Deny does not reach":      {rootStatement + deny(`"arn:aws:iam::444455556666:role/app"`, "kms:Decrypt", ""), "account", nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := Analyze(statements(t, c.statements), testEnv())
			var got []string
			for _, row := range r.Matrix {
				if row.Kind == c.kind {
					got = append(got, written(row.Except)...)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if c.kind != "anyone" {
				return
			}
			at := slices.IndexFunc(r.External, func(e External) bool { return e.Principal == "any account" })
			if at < 0 || !slices.Equal(written(r.External[at].Except), c.want) {
				t.Errorf("outside: %v, want %q", r.External, c.want)
			}
		})
	}
}

func written(list []Exception) []string {
	var out []string
	for _, e := range list {
		never := map[bool]string{true: " never", false: ""}[e.Never]
		out = append(out, e.Principal+never+" "+strings.Join(e.Actions, " "))
	}
	return out
}

// TestWhoGetsInAmongTheExcepted: where a row about everybody leaves an account out, a role of it that is still allowed has a row of its
// own, also where the pattern that names it matches roles of other accounts, which the row about everybody covers.
func TestWhoGetsInAmongTheExcepted(t *testing.T) {
	for _, condition := range []string{
		`"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/app"}`,
		`"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/app"}`,
		`"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:role/app"}`,
		`"StringNotLike": {"aws:PrincipalArn": "*:role/app"}`,
	} {
		r := Analyze(statements(t, publicUnder("Allow", "")+","+publicUnder("Deny", condition+`, "StringEquals": {"aws:PrincipalAccount": "444455556666"}`)), testEnv())
		const app = "arn:aws:iam::444455556666:role/app"
		if !slices.ContainsFunc(r.External, func(e External) bool { return e.Principal == app }) || !slices.ContainsFunc(r.Matrix, func(row Row) bool { return row.Principal == app }) {
			t.Errorf("%s: %s is not listed: %v, %v", condition, app, r.External, r.Matrix)
		}
	}
}
