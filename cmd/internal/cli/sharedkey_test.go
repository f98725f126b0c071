package cli_test

import (
	"strings"
	"testing"
)

// Of two specs for one key none is put, whichever comes first and whatever is wrong with one of them.
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
