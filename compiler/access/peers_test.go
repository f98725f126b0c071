package access

import (
	"slices"
	"strings"
	"testing"
)

// entries are the lines of a report about who gets in, as "principal (kind) decision: actions: conditions".
func entries(r *Report) []string {
	var list []string
	for _, row := range r.Matrix {
		list = append(list, row.Principal+" ("+row.Kind+") "+string(row.Decision)+": "+strings.Join(row.Actions, " ")+": "+row.Conditions.Text)
	}
	for _, e := range r.External {
		list = append(list, "outside, "+e.Principal+": "+strings.Join(e.Actions, " ")+": "+e.Conditions.Text)
	}
	return list
}

// TestUsersThatAVariableDistinguishes: a user whose name a variable puts into a pattern of the policy can do more than others of
// its account, or of any. It is in a row and among the outsiders, whose conditions are right for every user.
func TestUsersThatAVariableDistinguishes(t *testing.T) {
	for name, c := range map[string]struct {
		statements string
		want       []string // lines that are there
		never      string   // what no line says of all users
	}{
		"a Deny that spares a text with a star": {
			`{"Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringNotEquals": {"kms:EncryptionContext:Project": "${aws:username}-*"}}},
			 {"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"},
			 {"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {"StringNotLike": {"kms:EncryptionContext:Project": "zed-*"}}}`,
			[]string{
				`arn:aws:iam::111122223333:user/* (user) allowed: kms:Decrypt: only with encryption context Project="${aws:username}-*" and zed-*`,
				`arn:aws:iam::*:user/* (user) needs_identity_policy: kms:Decrypt: only with encryption context Project="${aws:username}-*" and zed-*`,
				`outside, arn:aws:iam::*:user/*: kms:Decrypt: only with encryption context Project="${aws:username}-*" and zed-*`,
			},
			"Project=zed-*",
		},
		"an Allow beside one of all other texts": {
			`{"Effect": "Allow", "Principal": "*", "Action": "kms:CreateGrant", "Resource": "*", "Condition": {"StringLike": {"kms:EncryptionContext:Project": "${aws:username}-*"}}},
			 {"Effect": "Allow", "Principal": "*", "Action": "kms:CreateGrant", "Resource": "*", "Condition": {"StringNotLike": {"kms:EncryptionContext:Project": "zed-*"}}}`,
			[]string{
				`arn:aws:iam::111122223333:user/* (user) allowed: kms:CreateGrant: not with encryption context Project=zed-*; or only with encryption context Project=${aws:username}-*`,
				`arn:aws:iam::*:user/* (user) needs_identity_policy: kms:CreateGrant: not with encryption context Project=zed-*; or only with encryption context Project=${aws:username}-*`,
				`outside, arn:aws:iam::*:user/*: kms:CreateGrant: not with encryption context Project=zed-*; or only with encryption context Project=${aws:username}-*`,
			},
			"kms:CreateGrant: \n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := Analyze(statements(t, c.statements), testEnv())
			lines := entries(r)
			for _, want := range c.want {
				if !slices.Contains(lines, want) {
					t.Errorf("no line %q in\n%s", want, strings.Join(lines, "\n"))
				}
			}
			for _, line := range lines {
				if strings.Contains(line+"\n", c.never) && (strings.Contains(line, "(user)") || strings.HasPrefix(line, "outside")) {
					t.Errorf("%q is not so for every user", line)
				}
			}
			for _, row := range r.Matrix {
				if row.Otherwise {
					t.Errorf("%s: %q is said to be in every other context", row.Principal, row.Conditions.Text)
				}
			}
		})
	}
}

// TestDifferencesOfUsersThatAVariableDistinguishes: a difference is reported for such users of every account, named or not, in
// conditions that are right for every user.
func TestDifferencesOfUsersThatAVariableDistinguishes(t *testing.T) {
	old := statements(t, `{"Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringLike": {"kms:EncryptionContext:Project": "${aws:username}-*"}}}`)
	now := statements(t, `{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringNotLike": {"kms:EncryptionContext:Project": "zed-*"}}},
		{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:role/app"}, "Action": "kms:Decrypt", "Resource": "*"}`)
	d := Diff(old, now, testEnv(), testEnv())
	for _, account := range []string{"*", testAccount, "444455556666"} {
		found := slices.IndexFunc(d.Added, func(c Change) bool {
			return c.Principal == "arn:aws:iam::"+account+":user/*" && c.Was == ExplicitDeny && c.Decision == ImplicitDeny
		})
		if found < 0 {
			t.Errorf("no entry of users of account %s in\n%s", account, mustJSON(d.Added))
			continue
		}
		if got, want := d.Added[found].Conditions.Text, "only with encryption context Project=${aws:username}-* and zed-*"; got != want {
			t.Errorf("account %s: %q, want %q", account, got, want)
		}
	}
}

// TestKeysComparedWithTheCallerAndEachOther: of keys that are compared with each other, words also say which are there. Beside a variable of
// the caller they have to be right for all whom a row is about.
func TestKeysComparedWithTheCallerAndEachOther(t *testing.T) {
	tag := publicUnder("Allow", `"BoolIfExists": {"aws:PrincipalTag/project": "false"}`)
	linked := strings.Replace(publicUnder("Allow", `"StringLike": {"aws:PrincipalTag/team": ["x", "${aws:PrincipalTag/project}-*"]}`), `"*"`, `{"Service": "logs.us-east-1.amazonaws.com"}`, 1)
	user := strings.Replace(publicUnder("Allow", `"Bool": {"aws:PrincipalTag/project": "false"}, "StringNotLike": {"aws:PrincipalTag/team": "${aws:username}"}`), `"*"`, `{"AWS": "444455556666"}`, 1)
	older, newer := statements(t, tag), statements(t, linked+","+user)
	for _, d := range []*Difference{Diff(older, newer, testEnv(), testEnv()), Diff(newer, older, testEnv(), testEnv())} {
		if d.Equivalent || len(d.Added)+len(d.Removed) == 0 {
			t.Errorf("no difference: %+v", d)
		}
	}
}
