package facts

import (
	"strings"
	"testing"
)

func TestKeySays(t *testing.T) {
	for name, want := range map[string]Says{
		"aws:principalarn": CallerARN, "kms:calleraccount": CallerAccount, "aws:principalservicenameslist": CallerService,
		"kms:encryptioncontext:app": ContextPair, "kms:encryptioncontext:": "", "kms:recipientattestation:pcr0": AttestationDocument,
		"aws:requesttag/team": RequestTag, "kms:macalgorithm": "", "aws:none": "",
	} {
		if got := KeySays(name); got != want {
			t.Errorf("%s says %q, want %q", name, got, want)
		}
	}
}

// Every value of says is one that code asks for, and each says of whom or what before its dot.
func TestSaysAreKnown(t *testing.T) {
	groups := []string{"caller", "network", "endpoint", "compute", "source", "via", "resource", "request", "context", "attestation", "grant"}
	for _, k := range ConditionKeys() {
		if k.Says == "" {
			continue
		}
		of, what, ok := strings.Cut(string(k.Says), ".")
		known := false
		for _, g := range groups {
			known = known || g == of
		}
		if !ok || !known || what == "" {
			t.Errorf("%s says %q", k.Name, k.Says)
		}
	}
}

// An id and what holds it say it of the same: an organization of the caller is in the paths of the caller.
func TestKeyPairsAgree(t *testing.T) {
	if len(KeyPairs()) == 0 {
		t.Fatal("no key holds the id of another")
	}
	for _, p := range KeyPairs() {
		id, long := KeySays(p.ID), KeySays(p.Long)
		of, _, _ := strings.Cut(string(id), ".")
		also, _, _ := strings.Cut(string(long), ".")
		if id == "" || of != also || long != p.Says || id.IsOrganization() != long.IsOrganizationPath() {
			t.Errorf("%s (%s) holds %s (%s)", p.Long, long, p.ID, id)
		}
	}
}
