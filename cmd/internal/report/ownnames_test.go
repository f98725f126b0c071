package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

func ownRole(name string) string { return "arn:aws:iam::111122223333:role/" + name }

func gains(principal string, actions ...string) access.Change {
	return access.Change{Principal: principal, Kind: "role", Actions: actions, Decision: access.Allowed, Was: access.ImplicitDeny, Witness: access.Request{Principal: principal, Action: actions[0]}}
}

func keyGaining(n int, changes ...access.Change) Key {
	return Key{
		File: fmt.Sprintf("keys/%d.yaml", n), Key: fmt.Sprintf("alias/k%d", n), Account: "111122223333", Region: "eu-central-1", State: "change",
		Diff: &access.Difference{Added: changes},
	}
}

func keysText(t *testing.T, keys Keys, format string) string {
	t.Helper()
	var out bytes.Buffer
	if err := WriteKeys(&out, keys, KeysOptions{Format: format}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// Changes that are the same but for each key's own role are said once, with the role of each key next to it.
func TestKeysWithARoleOfTheirOwnAreOneGroup(t *testing.T) {
	var keys Keys
	for n := range 30 { // whether the own name sorts before or behind the shared one
		name := fmt.Sprintf("%c%d-app", "AZ"[n%2], n)
		k := keyGaining(n, gains(ownRole("KeyAdmin"), "kms:PutKeyPolicy"), gains(ownRole(name), "kms:Decrypt"))
		if name < "KeyAdmin" {
			k.Diff.Added[0], k.Diff.Added[1] = k.Diff.Added[1], k.Diff.Added[0]
		}
		k.Findings = diag.List{{Rule: "r", Severity: diag.Warning, Message: ownRole(name) + " keeps a grant, and role/" + name + "."}}
		keys = append(keys, k)
	}
	want := `change     the same for 30 keys
  keys/0.yaml: alias/k0 in eu-central-1 (role/A0-app)
  keys/1.yaml: alias/k1 in eu-central-1 (role/Z1-app)
  keys/2.yaml: alias/k2 in eu-central-1 (role/A2-app)
  … and 27 more
  + role/KeyAdmin gains PutKeyPolicy
  + role/… gains Decrypt
  warning[r]: arn:aws:iam::111122223333:role/… keeps a grant, and role/….
`
	if got := keysText(t, keys, "text"); got != want {
		t.Errorf("%s", got)
	}
	markdown := keysText(t, keys, "markdown")
	if strings.Count(markdown, "gains Decrypt") != 1 || !strings.Contains(markdown, "`alias/k29` (role/Z29-app)") || strings.Count(markdown, "KeyAdmin") != 1 {
		t.Error(markdown)
	}
}

func TestOtherChangesAreNoGroup(t *testing.T) {
	outsider := func(account string) access.Change { return gains("arn:aws:iam::"+account+":role/x", "kms:Decrypt") }
	elsewhere := keyGaining(2, gains(ownRole("b"), "kms:Decrypt"))
	elsewhere.Diff.Added[0].Conditions.Text = "only via s3"
	for name, keys := range map[string]Keys{
		"other actions":   {keyGaining(1, gains(ownRole("a"), "kms:Decrypt")), keyGaining(2, gains(ownRole("b"), "kms:Encrypt"))},
		"other outsiders": {keyGaining(1, outsider("444455556666")), keyGaining(2, outsider("777788889999"))},
		"a user":          {keyGaining(1, gains(ownRole("a"), "kms:Decrypt")), keyGaining(2, gains("arn:aws:iam::111122223333:user/b", "kms:Decrypt"))},
		"one more":        {keyGaining(1, gains(ownRole("a"), "kms:Decrypt")), keyGaining(2, gains(ownRole("b"), "kms:Decrypt"), gains(ownRole("c"), "kms:Encrypt"))},
		"a condition":     {keyGaining(1, gains(ownRole("a"), "kms:Decrypt")), elsewhere},
		"every role":      {keyGaining(1, gains(ownRole("a"), "kms:Decrypt")), keyGaining(2, gains(ownRole("*"), "kms:Decrypt"))},
	} {
		if n := len(keys.groups()); n != 2 {
			t.Errorf("%s: %d groups: %s", name, n, keysText(t, keys, "text"))
		}
	}
	same := Keys{keyGaining(1, gains(ownRole("a"), "kms:Decrypt")), keyGaining(2, gains(ownRole("a"), "kms:Decrypt"))}
	if text := keysText(t, same, "text"); !strings.Contains(text, "+ role/a gains Decrypt") || strings.Contains(text, "…") {
		t.Errorf("the role of all keys is not named: %s", text)
	}
}

func TestNamesAreReplacedWhole(t *testing.T) {
	for text, want := range map[string]string{
		"role/a": "X", "role/ab": "role/ab", "role/a.": "X.", "role/a.b": "role/a.b", "role/a, and role/a": "X, and X", "role/a/b": "role/a/b", "`role/a`": "`X`",
	} {
		if got := replaceName(text, "role/a", "X"); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
}
