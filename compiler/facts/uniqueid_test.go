package facts

import "testing"

func TestUniqueIDOf(t *testing.T) {
	for text, want := range map[string]string{
		"AIDACKCEVSQ6C2EXAMPLE": "IAM user", "AROADBQP57FF2AEXAMPLE": "IAM role", "AGPACKCEVSQ6C2EXAMPLE": "IAM group", "AIDA": "", "AIDACKCEVS": "",
		"AIDAckcevsq6c2example": "", "AROADBQP57FF2AEXAMPLE:session": "", "ABCDCKCEVSQ6C2EXAMPLE": "", "": "",
	} {
		if got := UniqueIDOf(text); got != want {
			t.Errorf("UniqueIDOf(%q) = %q, want %q", text, got, want)
		}
	}
}

// What a grant gives away without limits is asked of actions whose requests have limits, and of the operation that decrypts.
func TestActionsWithLimitsAndTheOneThatDecrypts(t *testing.T) {
	for name, want := range map[string][2]bool{
		"kms:CreateGrant": {true, false}, "kms:ReplicateKey": {true, false}, "kms:UpdatePrimaryRegion": {true, false}, "kms:Decrypt": {false, true},
		"kms:RetireGrant": {}, "kms:ListGrants": {}, "kms:GenerateDataKey": {}, "kms:ReEncryptFrom": {}, "kms:CreateKey": {}, "kms:GenerateRandom": {},
	} {
		a, known := LookupAction(name)
		if got := [2]bool{a.HasLimits(), a.Decrypts}; !known || got != want {
			t.Errorf("%s has limits and decrypts: %v, want %v", name, got, want)
		}
	}
}
