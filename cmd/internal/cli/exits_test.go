package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/cli"
	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
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
	// An administrator of another account, whom a Deny may hold back.
	administrator := func(conditions string) string {
		return root + "," + `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:role/app"}, "Action": "kms:*", "Resource": "*"},` +
			`{"Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}, "Action": "kms:*", "Resource": "*", "Condition": {` + conditions + `}}`
	}
	// Grants by another account, which are a warning even where nothing takes them away: so they are where that is not worked out.
	granter := func(conditions string) string {
		return root + "," + `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:role/app"}, "Action": ["kms:Decrypt", "kms:CreateGrant"], "Resource": "*"},` +
			`{"Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}, "Action": "kms:CreateGrant", "Resource": "*", "Condition": {` + conditions + `}}`
	}
	// A user of the key who can change its policy, which a Deny may prevent.
	user := func(conditions string) string {
		return root + "," + `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Action": ["kms:Decrypt", "kms:Encrypt", "kms:PutKeyPolicy"], "Resource": "*"},` +
			`{"Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Action": "kms:PutKeyPolicy", "Resource": "*", "Condition": {` + conditions + `}}`
	}
	// Any grant by a role of the account, which is a warning where nothing takes it away.
	grants := func(conditions string) string {
		return root + "," + `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Action": "kms:CreateGrant", "Resource": "*"},` +
			`{"Effect": "Deny", "Principal": "*", "Action": "kms:CreateGrant", "Resource": "*", "Condition": {` + conditions + `}}`
	}
	// A service that may act for any account, with no condition of its own.
	service := func(conditions string) string {
		return root + "," + `{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "kms:Decrypt", "Resource": "*"},` +
			`{"Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {` + conditions + `}}`
	}
	// Everyone by a condition that does not say who, whom a Deny may hold back.
	everyone := func(conditions string) string {
		return public(`"Bool": {"aws:SecureTransport": "true"}`) + "," +
			`{"Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {` + conditions + `}}`
	}
	const whole = `"$(policy)"` // all of the policy
	for name, c := range map[string]struct {
		statements, rule, severity, kind string // severity "" is not a finding of the rule
	}{
		"lockout, open":                 {editors(open), "unknown-condition-key", "warning", "open"},
		"lockout, not yet known":        {editors(yet), "undecided", "info", "not_yet_known"},
		"lockout, spent":                {editors(spent), "no-policy-editor", "error", "budget"},
		"public, open":                  {public(open), "unknown-condition-key", "warning", "open"},
		"public behind a Deny, open":    {everyone(`"ArnLike": {"aws:PrincipalArn": "*"}`), "public-access", "warning", "open"},
		"public, not yet known":         {root + `,{"Effect": "Allow", "Principal": "$(who)", "Action": "kms:Decrypt", "Resource": "*"}`, "public-access", "", "not_yet_known"},
		"public, spent":                 {public(spent), "public-access", "error", "budget"},
		"deputies, open":                {deputy(open), "unknown-condition-key", "warning", "open"},
		"deputies, not yet known":       {deputy(whose), "service-principal-unrestricted", "", "not_yet_known"},
		"deputies, spent":               {deputy(from), "service-principal-unrestricted", "error", "budget"},
		"administrators, open":          {administrator(`"ArnLike": {"aws:PrincipalArn": "*"}`), "external-admin", "warning", "open"},
		"administrators, not yet known": {administrator(`"ArnLike": {"aws:PrincipalArn": "$(partner)"}`), "external-admin", "info", "not_yet_known"},
		"administrators, spent":         {administrator(spent), "external-admin", "error", "budget"},
		"grants, open":                  {granter(`"ArnLike": {"aws:PrincipalArn": "*"}`), "external-create-grant", "warning", "open"},
		"grants, not yet known":         {granter(`"ArnLike": {"aws:PrincipalArn": "$(partner)"}`), "external-create-grant", "info", "not_yet_known"},
		"grants, of anybody":            {strings.Replace(granter(`"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/app"}`), `{"AWS": "arn:aws:iam::444455556666:root"}`, `"$(who)"`, 1), "external-create-grant", "info", "not_yet_known"},
		"grants, spent":                 {granter(spent), "external-create-grant", "warning", "budget"},
		"users, open":                   {user(`"ArnLike": {"aws:PrincipalArn": "*"}`), "user-can-administer", "warning", "open"},
		"users, not yet known":          {user(`"ArnLike": {"aws:PrincipalArn": "$(who)"}`), "user-can-administer", "info", "not_yet_known"},
		"users, spent":                  {user(spent), "user-can-administer", "error", "budget"},
		"own grants, open":              {grants(`"ArnLike": {"aws:PrincipalArn": "*"}`), "create-grant-unbounded", "warning", "open"},
		"own grants, not yet known":     {grants(`"ArnLike": {"aws:PrincipalArn": "$(who)"}`), "create-grant-unbounded", "info", "not_yet_known"},
		"own grants, spent":             {grants(spent), "create-grant-unbounded", "warning", "budget"},
		"a Deny of services, open":      {service(`"ArnLike": {"aws:PrincipalArn": "*"}`), "service-principal-unrestricted", "warning", "open"},
		"policy, not yet known":         {whole, "undecided", "info", "not_yet_known"},
		"statements, not yet known":     {`"$(statements)"`, "undecided", "info", "not_yet_known"},
		"outsiders, open":               {outsider(open), "public-access", "", "open"},
		"outsiders, not yet known":      {outsider(yet), "public-access", "", "not_yet_known"},
		"outsiders, spent":              {outsider(spent), "public-access", "", "budget"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			file, other := filepath.Join(folder, "policy.json"), filepath.Join(folder, "other.json")
			for path, text := range map[string]string{file: c.statements, other: root} {
				if text != whole {
					text = `{"Version": "2012-10-17", "Statement": [` + text + `]}`
				}
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
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

// TestUnknownHasThreeExitsOfPlanAndApply: the same of what is applied to keys. An error blocks a key, a warning does not.
func TestUnknownHasThreeExitsOfPlanAndApply(t *testing.T) {
	const (
		account = "arn:aws:iam::" + kmstest.Account
		root    = `{Sid: Root, Effect: Allow, Principal: {AWS: "` + account + `:root"}, Action: "kms:*", Resource: "*"}`
		open    = `ArnLike: {"aws:PrincipalArn": "*"}`
		yet     = `ArnLike: {"aws:PrincipalArn": "${admins}"}`
		spent   = `ArnLike: {"aws:PrincipalArn": "arn:aws:iam::*:role/${aws:PrincipalTag/a}${aws:PrincipalTag/b}"}`
	)
	statement := func(principal, actions, condition string) string {
		return fmt.Sprintf(`{Sid: Doubtful, Effect: Allow, Principal: %s, Action: %q, Resource: "*", Condition: {%s}}`, principal, actions, condition)
	}
	own, role := `{AWS: "`+account+`:root"}`, `{AWS: "`+account+`:role/app"}`
	for name, c := range map[string]struct {
		statements string
		finding    string // rule and severity
		blocked    bool
	}{
		"lockout, open":          {statement(own, "kms:*", open), "no-policy-editor/editors-open warning", false},
		"lockout, not yet known": {statement(own, "kms:*", yet), "template-placeholder-left error", true},
		"lockout, spent":         {statement(own, "kms:*", spent), "no-policy-editor/editors-undecided error", true},
		"public, open":           {root + ", " + statement(`"*"`, "kms:Decrypt", open), "public-access/public-with-wildcard-value warning", false},
		"public, spent":          {root + ", " + statement(`"*"`, "kms:Decrypt", spent), "public-access/public-with-wildcard-value error", true},
		"a difference, open":     {root + ", " + statement(role, "kms:Decrypt", open), "plan/difference-unknown warning", false},
		"a difference, spent":    {root + ", " + statement(role, "kms:Decrypt", spent), "plan/difference-unknown error", true},
	} {
		t.Run(name, func(t *testing.T) {
			server, _ := pushing(t)
			write(t, "keys/payments.keypolicy.yaml", "key: alias/payments\npolicy: {Version: \"2012-10-17\", Statement: ["+c.statements+"]}\n")
			compiled := keypolicy(t, "", "compile", "keys")
			fails := c.blocked && !strings.HasPrefix(c.finding, "plan/") // which is known beside a key
			if (compiled.code == 1) != fails {
				t.Errorf("compile ends with %d: %s", compiled.code, compiled.errors)
			}
			planned := keypolicy(t, "", "plan", "--format", "json", "keys")
			applied := keypolicy(t, "", "apply", "--yes", "--format", "json", "keys")
			if c.blocked {
				expect(t, planned, 1, map[string]int{"blocked": 1})
				expect(t, applied, 1, map[string]int{"blocked": 1})
			} else {
				expect(t, planned, 0, map[string]int{"change": 1})
			}
			if put := server.Count("PutKeyPolicy"); (put == 0) != c.blocked { // KMS itself may refuse what its pages leave open
				t.Errorf("PutKeyPolicy was called %d times: %s", put, applied.errors)
			}
			for _, r := range []result{planned, applied} {
				var said struct {
					Keys []struct {
						Findings []struct{ Rule, Reason, Severity string }
					}
				}
				if err := json.Unmarshal([]byte(r.out), &said); err != nil {
					t.Fatal(err)
				}
				found := false
				for _, f := range said.Keys[0].Findings {
					rule := f.Rule
					if f.Reason != "" {
						rule += "/" + f.Reason
					}
					found = found || rule+" "+f.Severity == c.finding
				}
				if !found {
					t.Errorf("no finding is %s: %+v", c.finding, said.Keys[0].Findings)
				}
			}
		})
	}
}
