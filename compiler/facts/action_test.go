package facts

import (
	"slices"
	"strings"
	"testing"
)

func TestActions(t *testing.T) {
	all := Actions()
	// AWS adds actions, so none of its lists is counted; that one reads as a whole is seen at its ends.
	for _, name := range []string{"kms:CancelKeyDeletion", "kms:PutKeyPolicy", "kms:VerifyMac"} {
		if _, ok := LookupAction(name); !ok {
			t.Errorf("%s is missing", name)
		}
	}
	if !slices.IsSortedFunc(all, func(a, b Action) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("the actions are not sorted")
	}
	levels := []string{"List", "Permissions management", "Read", "Tagging", "Write"}
	kinds := KeyKinds()
	for _, a := range all {
		if a.Name != "kms:"+a.ShortName {
			t.Errorf("%s has the short name %s", a.Name, a.ShortName)
		}
		if a.EffectiveInKeyPolicy == (a.PolicyType == "iam_only") {
			t.Errorf("%s: effective %v, policy type %s", a.Name, a.EffectiveInKeyPolicy, a.PolicyType)
		}
		for _, l := range a.AccessLevels {
			if !slices.Contains(levels, l) {
				t.Errorf("%s has the access level %q", a.Name, l)
			}
		}
		if a.GrantOperation != slices.Contains(Enum("GrantOperation"), a.ShortName) {
			t.Errorf("%s: grant operation %v, against the enumeration", a.Name, a.GrantOperation)
		}
		for _, s := range a.KeySpecs {
			if !slices.Contains(Enum("KeySpec"), s) {
				t.Errorf("%s has the key spec %q", a.Name, s)
			}
		}
		for _, o := range a.Constraints.Origins {
			if !slices.Contains(Enum("Origin"), o) {
				t.Errorf("%s has the origin %q", a.Name, o)
			}
		}
		for _, kind := range a.KeyKinds {
			if !slices.ContainsFunc(kinds, func(k KindOfKey) bool { return k.Name == kind }) {
				t.Errorf("%s has the key kind %q", a.Name, kind)
			}
		}
	}
}

func TestActionsReturnsACopy(t *testing.T) {
	Actions()[0].Name = "kms:Changed"
	if Actions()[0].Name == "kms:Changed" {
		t.Error("a caller changed the facts")
	}
}

func TestLookupAction(t *testing.T) {
	decrypt, ok := LookupAction("KMS:decrypt")
	if !ok || decrypt.Name != "kms:Decrypt" || !decrypt.CrossAccount || !decrypt.Cryptographic ||
		!decrypt.GrantOperation || !decrypt.EffectiveInKeyPolicy || !decrypt.RecipientAttestation {
		t.Errorf("got %+v, %v", decrypt, ok)
	}
	put, ok := LookupAction("kms:PutKeyPolicy")
	if !ok || put.CrossAccount || put.Cryptographic || put.GrantOperation ||
		!slices.Contains(put.AccessLevels, "Permissions management") ||
		!slices.Contains(put.ConditionKeys, "kms:BypassPolicyLockoutSafetyCheck") ||
		!slices.Contains(put.ConditionKeys, "kms:KeySpec") {
		t.Errorf("got %+v, %v", put, ok)
	}
	if a, _ := LookupAction("kms:Sign"); a.Constraints.CustomKeyStore {
		t.Error("kms:Sign works in a custom key store")
	}
	if a, _ := LookupAction("kms:Encrypt"); !a.Constraints.CustomKeyStore {
		t.Error("kms:Encrypt does not work in a custom key store")
	}
	if a, _ := LookupAction("kms:ReEncryptTo"); !slices.Equal(a.Operations, []string{"ReEncrypt"}) {
		t.Errorf("kms:ReEncryptTo belongs to %v", a.Operations)
	}
	for _, name := range []string{"", "Decrypt", "kms:ReEncrypt", "kms:*", "s3:GetObject"} {
		if a, ok := LookupAction(name); ok {
			t.Errorf("LookupAction(%q) found %s", name, a.Name)
		}
	}
}

// TestCrossAccountActions holds the list of the KMS guide: the cryptographic operations on a key and seven more. Of an action that the
// guide does not list yet, AWS's API model is all there is.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
func TestCrossAccountActions(t *testing.T) {
	others := []string{
		"kms:CreateGrant", "kms:DescribeKey", "kms:GetKeyRotationStatus", "kms:GetPublicKey", "kms:ListGrants",
		"kms:RetireGrant", "kms:RevokeGrant",
	}
	for _, name := range others {
		if a, ok := LookupAction(name); !ok || !a.CrossAccount {
			t.Errorf("%s is not cross-account, or there is no such action", name)
		}
	}
	for _, a := range Actions() {
		if a.Cryptographic && a.EffectiveInKeyPolicy && !a.CrossAccount {
			t.Errorf("%s is cryptographic and not cross-account", a.Name)
		}
	}
	for _, name := range []string{"kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:GetKeyPolicy", "kms:TagResource", "kms:CreateAlias"} {
		if a, _ := LookupAction(name); a.CrossAccount {
			t.Errorf("%s is cross-account", name)
		}
	}
}

func TestMatchActions(t *testing.T) {
	tests := []struct {
		pattern string
		want    []string
	}{
		{"kms:decrypt", []string{"kms:Decrypt"}},
		{"kms:ReEncrypt*", []string{"kms:ReEncryptFrom", "kms:ReEncryptTo"}},
		{"kms:Re?ryptTo", nil},
		{"kms:Verify*", []string{"kms:Verify", "kms:VerifyMac"}},
		{"kms:????", []string{"kms:Sign"}},
		{"kms:ReEncrypt", nil},
		{"s3:*", nil},
		{"Decrypt", nil},
		{"", nil},
	}
	for _, tt := range tests {
		if got := MatchActions(tt.pattern); !slices.Equal(got, tt.want) {
			t.Errorf("MatchActions(%q) = %v, want %v", tt.pattern, got, tt.want)
		}
	}
	for _, all := range []string{"*", "kms:*", "KMS:*"} {
		if got := MatchActions(all); !slices.Equal(got, ActionNames()) || len(got) != len(Actions()) {
			t.Errorf("MatchActions(%q) = %v", all, got)
		}
	}
}

func TestWildcardGroups(t *testing.T) {
	for pattern, names := range actionFile().Groups {
		var want []string
		for _, n := range names {
			want = append(want, "kms:"+n)
		}
		if got := MatchActions(pattern); !slices.Equal(got, want) {
			t.Errorf("MatchActions(%q) = %v, want %v", pattern, got, want)
		}
	}
}

func TestKeyKind(t *testing.T) {
	tests := []struct{ spec, usage, want string }{
		{"SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", SymmetricEncryption},
		{"RSA_2048", "ENCRYPT_DECRYPT", AsymmetricEncryptDecrypt},
		{"RSA_2048", "SIGN_VERIFY", AsymmetricSignVerify},
		{"ML_DSA_65", "SIGN_VERIFY", AsymmetricSignVerify},
		{"HMAC_256", "GENERATE_VERIFY_MAC", HMAC},
		{"ECC_NIST_P256", "KEY_AGREEMENT", AsymmetricKeyAgreement},
		{"SM2", "KEY_AGREEMENT", AsymmetricKeyAgreement},
		{"ECC_NIST_P256", "ENCRYPT_DECRYPT", ""},
		{"HMAC_256", "SIGN_VERIFY", ""},
		{"AES_256", "ENCRYPT_DECRYPT", ""},
		{"", "", ""},
	}
	for _, tt := range tests {
		if got, ok := KeyKind(tt.spec, tt.usage); got != tt.want || ok != (tt.want != "") {
			t.Errorf("KeyKind(%q, %q) = %q, %v, want %q", tt.spec, tt.usage, got, ok, tt.want)
		}
	}
}

// TestKeySpecAndUsageNameOneKind keeps KeyKind the same whatever order a map is walked in.
func TestKeySpecAndUsageNameOneKind(t *testing.T) {
	if n := len(KeyKinds()); n != 5 {
		t.Errorf("got %d kinds, want 5", n)
	}
	for _, spec := range Enum("KeySpec") {
		usages := KeyUsages(spec)
		if len(usages) == 0 {
			t.Errorf("%s has no usage", spec)
		}
		for _, usage := range Enum("KeyUsage") {
			var kinds []string
			for _, k := range KeyKinds() {
				if k.KeyUsage == usage && slices.Contains(k.KeySpecs, spec) {
					kinds = append(kinds, k.Name)
				}
			}
			if len(kinds) > 1 || (len(kinds) == 1) != slices.Contains(usages, usage) {
				t.Errorf("%s with %s: kinds %v, usages %v", spec, usage, kinds, usages)
			}
		}
	}
	if got := KeyUsages("RSA_2048"); !slices.Equal(got, []string{"ENCRYPT_DECRYPT", "SIGN_VERIFY"}) {
		t.Errorf("RSA_2048 has the usages %v", got)
	}
}

func TestEnum(t *testing.T) {
	if got := Enum("KeySpec"); !slices.Contains(got, "SYMMETRIC_DEFAULT") {
		t.Errorf("got the key specs %v", got)
	}
	if Enum("Nothing") != nil {
		t.Error("an unknown enumeration has values")
	}
	Enum("Origin")[0] = "changed"
	if Enum("Origin")[0] != "AWS_KMS" {
		t.Error("a caller changed the facts")
	}
}
