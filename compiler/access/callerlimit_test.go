package access

import (
	"slices"
	"strings"
	"testing"
)

// TestPatternsOnOneKeyAreAllSaid: who must match two patterns is named by one, and the other is a condition of the row or the change.
func TestPatternsOnOneKeyAreAllSaid(t *testing.T) {
	const account = "arn:aws:iam::111122223333:"
	statement := func(effect, conditions string) string {
		return `{"Effect": "` + effect + `", "Principal": {"AWS": "*"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {` + conditions + `}}`
	}
	for name, c := range map[string]struct {
		statements string
		rows       []string // and their exceptions
		changes    []string // from a policy without the statements
	}{
		"two patterns of ARNs": {
			statement("Allow", `"StringLike": {"aws:PrincipalArn": "`+account+`role/a*"}, "ArnLike": {"aws:PrincipalArn": "`+account+`role/*b"}`),
			[]string{account + "role/*b: only with aws:PrincipalArn " + account + "role/a*"},
			[]string{account + "role/*b: only with aws:PrincipalArn " + account + "role/a*"},
		},
		"two patterns of names": {
			statement("Allow", `"StringLike": {"aws:username": "a*"}, "StringLikeIfExists": {"aws:username": "*b"}, "StringEquals": {"aws:PrincipalAccount": "111122223333"}`),
			[]string{account + "user/*b: only with aws:username a*"},
			[]string{account + "user/*b: only with aws:username a*"},
		},
		"a pattern of names and one of ARNs": {
			statement("Allow", `"StringLike": {"aws:username": "a*"}, "ArnLike": {"aws:PrincipalArn": "`+account+`user/*b"}`),
			[]string{account + "user/*b: only with aws:username a*"},
			[]string{account + "user/*b: only with aws:username a*"},
		},
		"a pattern and what it must not match": {
			statement("Allow", `"StringLike": {"aws:PrincipalArn": "`+account+`role/a*"}, "StringNotLike": {"aws:PrincipalArn": "*b"}`),
			[]string{account + "role/a*: but not " + account + "role/*b"},
			[]string{account + "role/a*: only with aws:PrincipalArn, but not *b"},
		},
		"patterns of accounts": {
			statement("Allow", `"StringLike": {"aws:PrincipalAccount": "2222*"}, "StringNotLike": {"aws:PrincipalAccount": "*9"}`),
			[]string{"arn:aws:iam::2222*:root: only with aws:PrincipalAccount, but not *9"},
			[]string{"arn:aws:iam::2222*:root: only with aws:PrincipalAccount, but not *9"},
		},
		"two patterns, of which one in a Deny of all others": {
			statement("Allow", `"ArnLike": {"aws:PrincipalArn": "`+account+`role/*b"}`) + ", " + statement("Deny", `"ArnNotLike": {"aws:PrincipalArn": "`+account+`role/a*"}`),
			[]string{account + "role/*b: only with aws:PrincipalArn " + account + "role/a*"},
			[]string{account + "role/*b: only with aws:PrincipalArn " + account + "role/a*"},
		},
		"one pattern": {
			statement("Allow", `"ArnLike": {"aws:PrincipalArn": "`+account+`role/*b"}`),
			[]string{account + "role/*b: "},
			[]string{account + "role/*b: "},
		},
		"patterns of one condition": {
			statement("Allow", `"ArnLike": {"aws:PrincipalArn": ["`+account+`role/a*", "`+account+`role/*b"]}`),
			[]string{account + "role/*b: ", account + "role/a*: "},
			[]string{account + "role/*b: ", account + "role/a*: "},
		},
	} {
		t.Run(name, func(t *testing.T) {
			policy := statements(t, c.statements)
			var rows, changes []string
			for _, row := range Analyze(policy, testEnv()).Matrix {
				text := row.Conditions.Text
				for _, e := range row.Except {
					text += "but not " + e.Principal
				}
				rows = append(rows, row.Principal+": "+text)
			}
			for _, change := range Diff(statements(t, ""), policy, testEnv(), testEnv()).Added {
				changes = append(changes, change.Principal+": "+change.Conditions.Text)
			}
			slices.Sort(rows)
			slices.Sort(changes)
			if !slices.Equal(slices.Compact(rows), c.rows) {
				t.Errorf("rows:\n%s\nwant\n%s", strings.Join(rows, "\n"), strings.Join(c.rows, "\n"))
			}
			if !slices.Equal(slices.Compact(changes), c.changes) {
				t.Errorf("changes:\n%s\nwant\n%s", strings.Join(changes, "\n"), strings.Join(c.changes, "\n"))
			}
		})
	}
}
