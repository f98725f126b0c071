package cli_test

import (
	"strings"
	"testing"
)

// Of two specs for one key none is applied, whichever comes first and whatever is wrong with one of them.
func TestOfTwoSpecsForOneKeyNoneIsPut(t *testing.T) {
	for name, other := range map[string]string{
		"the same key":      "key: alias/payments\nkey_users_roles: [other]\n",
		"with an error":     "key: alias/payments\nkey_users_roles: [\"*\"]\n",
		"a misspelt field":  "key: alias/payments\nkey_usrs: [a]\n",
		"in two Regions":    "key: alias/payments\nregions: [eu-west-1, eu-central-1]\nkey_usrs: [a]\n",
		"by the key itself": "",
	} {
		server, key := pushing(t)
		if other == "" {
			other = "key: " + key + "\nkey_usrs: [a]\n"
		}
		for _, file := range []string{"keys/a.keypolicy.yaml", "keys/z.keypolicy.yaml"} {
			write(t, "keys/a.keypolicy.yaml", "name: a\nkey: alias/none\n")
			write(t, file, other)
			r := keypolicy(t, "", "apply", "--yes", "keys")
			if server.Count("PutKeyPolicy") > 0 || !strings.Contains(r.out, "keys/payments.keypolicy.yaml") || !strings.Contains(r.out, file) ||
				!strings.Contains(r.out, "several-specs-for-key") {
				t.Errorf("%s, %s: %s%s", name, file, r.out, r.errors)
			}
		}
	}
}

// A spec that cannot be read blocks the others for the keys that its text names, and no other key.
func TestASpecThatCannotBeReadBlocksTheOthersForItsKey(t *testing.T) {
	for name, other := range map[string]string{
		"two keys":            "key: alias/payments\nkey: alias/other\nkey_users_roles: [a]\n",
		"two keys, the other": "key: alias/other\nkey: alias/payments\nkey_users_roles: [a]\n",
		"a bracket":           "key_users_roles: [a\nkey: alias/payments\n",
		"a second document":   "key: alias/none\nkey_users_roles: [a]\n---\nkey_users_roles: [a\nkey: 'alias/payments'\n",
		"in braces":           "{\"key_users_roles\": [\"a\", \"key\": \"alias/payments\"}\n",
		"another Region":      "key: KEY\nregion: us-east-1\nkey_users_roles: [a]\n",
	} {
		server, key := pushing(t)
		write(t, "keys/a.keypolicy.yaml", strings.ReplaceAll(other, "KEY", key))
		r := keypolicy(t, "", "apply", "--yes", "keys")
		if server.Count("PutKeyPolicy") > 0 || !strings.Contains(r.out, "several-specs-for-key") {
			t.Errorf("%s: %s%s", name, r.out, r.errors)
		}
		write(t, "keys/a.keypolicy.yaml", strings.ReplaceAll(strings.ReplaceAll(other, "KEY", "alias/else"), "alias/payments", "alias/else"))
		if r := keypolicy(t, "", "apply", "--yes", "keys"); server.Count("PutKeyPolicy") != 1 {
			t.Errorf("%s: another key's spec is not applied: %s%s", name, r.out, r.errors)
		}
	}
}

func TestTheOtherSpecIsNamedWithItsRegion(t *testing.T) {
	_, key := pushing(t)
	write(t, "two/a.keypolicy.yaml", "key: "+key+"\nkey_users_roles: [a]\n")
	write(t, "two/b.keypolicy.yaml", "key: "+key+"\nregion: us-east-1\nkey_users_roles: [a]\n")
	r := keypolicy(t, "", "lint", "--format", "json", "two")
	for _, want := range []string{"two/a.keypolicy.yaml is for the key `" + key + "` in eu-central-1 too", "two/b.keypolicy.yaml is for the key `" + key + "` in us-east-1 too"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("%q is not reported: %s%s", want, r.out, r.errors)
		}
	}
}
