package report

import (
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

func someKeys() Keys {
	const role = "arn:aws:iam::111122223333:role/"
	change := func(name string, now, was access.Decision) access.Change {
		return access.Change{
			Principal: role + name, Kind: "role", Actions: []string{"kms:Decrypt"}, Decision: now, Was: was,
			Witness: access.Request{Principal: role + name, Action: "kms:Decrypt"},
		}
	}
	return Keys{
		{
			File: "a.yaml", Key: "arn:aws:kms:eu-west-1:111122223333:key/1", Region: "eu-west-1", Account: "111122223333", State: "unchanged", Reason: "only order, spelling or labels differ",
			Diff: &access.Difference{Equivalent: true},
		},
		{
			File: "b.yaml", Document: 1, Key: "alias/b", Region: "eu-west-1", Account: "111122223333", State: "change",
			Diff:     &access.Difference{Added: []access.Change{change("new", access.Allowed, access.ImplicitDeny)}, Removed: []access.Change{change("old", access.ImplicitDeny, access.Allowed)}},
			Findings: diag.List{{Rule: "plan", Reason: "grant-remains", Severity: diag.Warning, Message: "old keeps a grant", Help: "revoke it"}},
		},
		{
			File: "c|d.yaml", Key: "alias/\x1bc", Region: "eu-west-1", State: "blocked", Reason: "nobody | could",
			Findings: diag.List{{Rule: "plan", Reason: "no-editor", Severity: diag.Error, Message: "nobody | could", Help: "allow it\nto somebody"}},
		},
	}
}

const wantKeysText = `blocked    c|d.yaml: alias/\x1bc in eu-west-1
  error[plan/no-editor]: nobody | could
    help: allow it
          to somebody
change     b.yaml (document 1): alias/b in eu-west-1
  + role/new gains Decrypt
  - role/old loses Decrypt
  warning[plan/grant-remains]: old keeps a grant

account       Region       keys  to change  unchanged  blocked
111122223333  eu-west-1       2          1          1        0
not known     eu-west-1       1          0          0        1
`

const wantKeysMarkdown = "**3 keys: 1 to change, 1 unchanged, 1 blocked**\n" + `
| account | Region | keys | to change | unchanged | blocked |
|---|---|---:|---:|---:|---:|
` + "| `111122223333` | `eu-west-1` | 2 | 1 | 1 | 0 |\n" +
	"| `not known` | `eu-west-1` | 1 | 0 | 0 | 1 |\n" + `
### ` + "`c|d.yaml`: blocked" + `

` + "`alias/\\x1bc`" + `

- **error** ` + "`plan/no-editor`" + `: nobody \| could

### ` + "`b.yaml (document 1)`: to change" + `

` + "`alias/b`" + `

**Added**

- role/new gains Decrypt

**Removed**

- role/old loses Decrypt

- **warning** ` + "`plan/grant-remains`" + `: old keeps a grant
`

func TestKeys(t *testing.T) {
	for format, want := range map[string]string{"text": wantKeysText, "markdown": wantKeysMarkdown} {
		var out strings.Builder
		if err := WriteKeys(&out, someKeys(), KeysOptions{Format: format}); err != nil {
			t.Fatal(err)
		}
		if out.String() != want {
			t.Errorf("%s:\n%s\nwant\n%s", format, out.String(), want)
		}
	}
	var out strings.Builder
	if err := WriteKeys(&out, someKeys(), KeysOptions{Format: "json"}); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"equivalent": true,` + "\n" + `        "added": []`, `"context": {}`, `"diff": null`, `"blocked": 1`, `"reason": "grant-remains"`, `"file": "b.yaml",` + "\n" + `      "document": 1`} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("%s is not in\n%s", part, out.String())
		}
	}
	out.Reset()
	if err := WriteKeys(&out, nil, KeysOptions{Format: "json"}); err != nil || !strings.Contains(out.String(), `"keys": []`) {
		t.Errorf("%v %s", err, out.String())
	}
	out.Reset()
	if err := WriteKeys(&out, someKeys(), KeysOptions{Format: "text", Colors: true}); err != nil || strings.Contains(out.String(), "\x1bc") || !strings.Contains(out.String(), "\x1b[1;31mblocked") {
		t.Errorf("%v %q", err, out.String())
	}
}
