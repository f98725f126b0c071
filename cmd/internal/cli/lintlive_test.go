package cli_test

import (
	"strings"
	"testing"
)

// What looks like a placeholder in a live policy is its text: KMS has taken it so.
func TestALivePolicyHasNoPlaceholders(t *testing.T) {
	server, key := pushing(t)
	live := server.Policy(key)
	server.SetPolicy(key, strings.Replace(live, `"Statement":[`, `"Statement":[{"Sid":"x","Effect":"Deny","Principal":{"AWS":"*"},"Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":{"kms:EncryptionContext:a":"<x>"}}},`, 1))
	if server.Policy(key) == live {
		t.Fatal(live)
	}
	if r := keypolicy(t, "", "plan", "keys"); strings.Contains(r.out, "placeholder") {
		t.Error(r.out)
	}
}
