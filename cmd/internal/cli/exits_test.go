package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/cli"
)

// TestUnknownHasThreeExits: what AWS's pages leave open is a warning, what is not known yet is info or nothing, and what the budget did
// not suffice for is an error that ends with exit code 1; `access` says in JSON which of them it is, and `diff` that it is not equivalent.
func TestUnknownHasThreeExits(t *testing.T) {
	const (
		root  = `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}`
		open  = `"StringEquals": {"aws:NoSuchKey": "x"}`                                                // a key that AWS does not list
		yet   = `"StringEquals": {"aws:PrincipalTag/team": "$(team)"}`                                  // a text of somebody's
		spent = `"StringEquals": {"aws:PrincipalTag/a": "${aws:PrincipalTag/b}-${aws:PrincipalTag/c}"}` // a form that is not worked out
		from  = `"StringEquals": {"aws:ResourceTag/a": "${aws:SourceAccount}-${aws:SourceArn}"}`        // the same of services
		whose = `"StringEquals": {"aws:SourceAccount": "$(account)"}`
	)
	statement := func(principal, actions, conditions string) string {
		return fmt.Sprintf(`{"Effect": "Allow", "Principal": %s, "Action": %q, "Resource": "*", "Condition": {%s}}`, principal, actions, conditions)
	}
	editors := func(conditions string) string {
		return statement(`{"AWS": "arn:aws:iam::111122223333:root"}`, "kms:*", conditions)
	}
	public := func(conditions string) string { return root + "," + statement(`"*"`, "kms:Decrypt", conditions) }
	deputy := func(conditions string) string {
		return root + "," + statement(`{"Service": "sns.amazonaws.com"}`, "kms:Decrypt", conditions)
	}
	outsider := func(conditions string) string {
		return root + "," + statement(`{"AWS": "arn:aws:iam::444455556666:root"}`, "kms:Decrypt", conditions)
	}
	for name, c := range map[string]struct {
		statements, rule, severity, kind string // severity "" is no finding of the rule
	}{
		"lockout, open":            {editors(open), "unknown-condition-key", "warning", "open"},
		"lockout, not yet known":   {editors(yet), "undecided", "info", "not_yet_known"},
		"lockout, spent":           {editors(spent), "no-policy-editor", "error", "budget"},
		"public, open":             {public(open), "public-access", "warning", "open"},
		"public, not yet known":    {root + `,{"Effect": "Allow", "Principal": "$(who)", "Action": "kms:Decrypt", "Resource": "*"}`, "public-access", "", "not_yet_known"},
		"public, spent":            {public(spent), "public-access", "error", "budget"},
		"deputies, open":           {deputy(open), "service-principal-unrestricted", "warning", "open"},
		"deputies, not yet known":  {deputy(whose), "service-principal-unrestricted", "", "not_yet_known"},
		"deputies, spent":          {deputy(from), "service-principal-unrestricted", "error", "budget"},
		"outsiders, open":          {outsider(open), "public-access", "", "open"},
		"outsiders, not yet known": {outsider(yet), "public-access", "", "not_yet_known"},
		"outsiders, spent":         {outsider(spent), "public-access", "", "budget"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			file, other := filepath.Join(folder, "policy.json"), filepath.Join(folder, "other.json")
			for path, text := range map[string]string{file: c.statements, other: root} {
				if err := os.WriteFile(path, []byte(`{"Version": "2012-10-17", "Statement": [`+text+`]}`), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			run := func(into any, arguments ...string) int {
				var out, errs bytes.Buffer
				code := cli.Main(context.Background(), append(arguments, "--account", "111122223333", "--format", "json"), cli.Stdio{Out: &out, Err: &errs})
				if err := json.Unmarshal(out.Bytes(), into); err != nil {
					t.Fatalf("%v: %v: %.300s%.300s", arguments, err, out.String(), errs.String())
				}
				return code
			}
			var lint struct {
				Findings []struct{ Rule, Severity string }
			}
			code := run(&lint, "lint", "--min-severity", "info", file)
			severity, failing := "", false
			for _, f := range lint.Findings {
				if f.Rule == c.rule && severity != "error" {
					severity = f.Severity
				}
				failing = failing || f.Severity == "error"
			}
			if severity != c.severity || failing != (code == 1) {
				t.Errorf("lint ends with %d and says %q by %s, want %q: %+v", code, severity, c.rule, c.severity, lint.Findings)
			}
			var said struct {
				Unknown []struct{ Kind, Text string }
			}
			run(&said, "access", file)
			var difference struct {
				Equivalent bool
			}
			code = run(&difference, "diff", other, file)
			found := false
			for _, reason := range said.Unknown {
				found = found || reason.Kind == c.kind
			}
			if !found {
				t.Errorf("access: no reason is %q: %+v", c.kind, said.Unknown)
			}
			if difference.Equivalent || code != 1 {
				t.Errorf("diff ends with %d, equivalent %v", code, difference.Equivalent)
			}
		})
	}
}
