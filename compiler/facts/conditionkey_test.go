package facts

import (
	"slices"
	"strings"
	"testing"
)

func TestConditionKeys(t *testing.T) {
	// AWS adds keys, so none of its lists is counted; that each reads is seen by one of its keys.
	for _, name := range []string{"kms:ViaService", "kms:RecipientAttestation:PCR0", "aws:PrincipalArn", "ec2:SourceInstanceArn"} {
		if _, _, ok := LookupConditionKey(name); !ok {
			t.Errorf("%s is missing", name)
		}
	}
	if !slices.IsSortedFunc(ConditionKeys(), func(a, b ConditionKey) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("the keys are not sorted")
	}
}

func TestConditionKeyFields(t *testing.T) {
	types := map[string]string{
		"String": "String", "ARN": "Arn", "Bool": "Bool", "Numeric": "Numeric", "Date": "Date", "IP": "IpAddress",
	}
	presences := []Presence{PresenceAlways, PresenceSometimes, PresenceOnListedOperations, PresenceUnverified}
	categories := []string{"kms", "network", "principal", "request", "resource", "session"}
	for _, k := range ConditionKeys() {
		if len(k.OperatorFamilies) == 0 || k.OperatorFamilies[0] != types[k.Type] {
			t.Errorf("%s of type %s has the operators %v", k.Name, k.Type, k.OperatorFamilies)
		}
		for _, f := range k.OperatorFamilies {
			if operatorFile().Families[f] == nil {
				t.Errorf("%s has the operator family %q", k.Name, f)
			}
		}
		if !slices.Contains(presences, k.Presence) {
			t.Errorf("%s has the presence %q", k.Name, k.Presence)
		}
		if !slices.Contains(categories, k.Category) {
			t.Errorf("%s has the category %q", k.Name, k.Category)
		}
		if k.Multivalued != k.SetOperatorRequired {
			t.Errorf("%s: multivalued %v, set operator required %v", k.Name, k.Multivalued, k.SetOperatorRequired)
		}
		if k.Deprecated != (k.ReplacedBy != "") {
			t.Errorf("%s: deprecated %v, replaced by %q", k.Name, k.Deprecated, k.ReplacedBy)
		}
		if k.ReplacedBy != "" {
			if _, _, ok := LookupConditionKey(k.ReplacedBy); !ok {
				t.Errorf("%s is replaced by the unknown %s", k.Name, k.ReplacedBy)
			}
		}
		if k.Pattern != (k.Prefix != "") || k.Pattern != strings.ContainsAny(k.Name, "$<") {
			t.Errorf("%s: pattern %v, prefix %q", k.Name, k.Pattern, k.Prefix)
		}
		if (k.Operations != nil) != (k.Category == "kms") {
			t.Errorf("%s of category %s has the operations %v", k.Name, k.Category, k.Operations)
		}
		for _, o := range k.Operations {
			if _, ok := LookupAction("kms:" + o); !ok {
				t.Errorf("%s belongs to the unknown operation %s", k.Name, o)
			}
		}
	}
}

// TestActionsAndConditionKeysAgree holds the two files against each other: an action lists a key of KMS exactly where
// the key lists the action, but for deprecated and attestation keys, which actions do not list.
func TestActionsAndConditionKeysAgree(t *testing.T) {
	for _, a := range Actions() {
		for _, name := range a.ConditionKeys {
			if _, _, ok := LookupConditionKey(name); !ok {
				t.Errorf("%s lists the unknown key %s", a.Name, name)
			}
		}
		for _, k := range ConditionKeys() {
			listed := slices.Contains(a.ConditionKeys, k.Name)
			possible := slices.Contains(k.Operations, a.ShortName)
			switch {
			case strings.HasPrefix(k.Name, "kms:RecipientAttestation:"):
				listed = a.RecipientAttestation
			case k.Category != "kms" || k.Deprecated:
				continue
			}
			if listed != possible {
				t.Errorf("%s lists %s: %v; the key lists the action: %v", a.Name, k.Name, listed, possible)
			}
		}
	}
}

func TestEnumeratedValues(t *testing.T) {
	for key, enum := range map[string]string{
		"kms:KeySpec": "KeySpec", "kms:KeyUsage": "KeyUsage", "kms:KeyOrigin": "Origin",
		"kms:GrantOperations": "GrantOperation", "kms:EncryptionAlgorithm": "EncryptionAlgorithm",
		"kms:SigningAlgorithm": "SigningAlgorithm", "kms:MacAlgorithm": "MacAlgorithm", "kms:MessageType": "MessageType",
		"kms:KeyAgreementAlgorithm": "KeyAgreementAlgorithm", "kms:DataKeyPairSpec": "DataKeyPairSpec",
		"kms:WrappingAlgorithm": "WrappingAlgorithm", "kms:WrappingKeySpec": "WrappingKeySpec",
		"kms:ExpirationModel": "ExpirationModel", "kms:MultiRegionKeyType": "MultiRegionKeyType",
	} {
		k, _, ok := LookupConditionKey(key)
		if !ok || !slices.Equal(k.Values, Enum(enum)) {
			t.Errorf("%s has the values %v, want those of %s", key, k.Values, enum)
		}
	}
}

func TestLookupConditionKey(t *testing.T) {
	tests := []struct{ name, key, suffix, spelt string }{
		{"kms:ViaService", "kms:ViaService", "", "kms:ViaService"},
		{"KMS:viaservice", "kms:ViaService", "", "kms:ViaService"},
		{"AWS:SourceARN", "aws:SourceArn", "", "aws:SourceArn"},
		{"aws:userId", "aws:userid", "", "aws:userid"},
		{"kms:EncryptionContext:AppName", "kms:EncryptionContext:${EncryptionContextKey}", "AppName", "kms:EncryptionContext:AppName"},
		{"kms:encryptioncontext:aws:logs:arn", "kms:EncryptionContext:${EncryptionContextKey}", "aws:logs:arn", "kms:EncryptionContext:aws:logs:arn"},
		{"kms:EncryptionContextKeys", "kms:EncryptionContextKeys", "", "kms:EncryptionContextKeys"},
		{"kms:EncryptionContext:", "", "", ""},
		{"kms:EncryptionContext", "", "", ""},
		{"aws:principaltag/Team", "aws:PrincipalTag/${TagKey}", "Team", "aws:PrincipalTag/Team"},
		{"aws:RequestTag/a/b", "aws:RequestTag/${TagKey}", "a/b", "aws:RequestTag/a/b"},
		{"aws:ResourceTag/x", "aws:ResourceTag/${TagKey}", "x", "aws:ResourceTag/x"},
		{"aws:PrincipalTag/", "", "", ""},
		{"kms:ResourceTag/x", "", "", ""},
		{"kms:RecipientAttestation:ImageSHA384", "kms:RecipientAttestation:ImageSha384", "", "kms:RecipientAttestation:ImageSha384"},
		{"kms:RecipientAttestation:PCR0", "kms:RecipientAttestation:PCR<N>", "0", "kms:RecipientAttestation:PCR0"},
		{"kms:RecipientAttestation:pcr31", "kms:RecipientAttestation:PCR<N>", "31", "kms:RecipientAttestation:PCR31"},
		{"kms:RecipientAttestation:PCR32", "", "", ""},
		{"kms:RecipientAttestation:PCR01", "", "", ""},
		{"kms:RecipientAttestation:PCR+1", "", "", ""},
		{"kms:RecipientAttestation:PCR", "", "", ""},
		{"kms:RecipientAttestation:NitroTPMPCR23", "kms:RecipientAttestation:NitroTPMPCR<N>", "23", "kms:RecipientAttestation:NitroTPMPCR23"},
		{"kms:RecipientAttestation:NitroTPMPCR24", "", "", ""},
		{"kms:GranteePrincipals", "", "", ""},
		{"", "", "", ""},
	}
	for _, tt := range tests {
		key, suffix, ok := LookupConditionKey(tt.name)
		if key.Name != tt.key || suffix != tt.suffix || ok != (tt.key != "") {
			t.Errorf("LookupConditionKey(%q) = %q, %q, %v", tt.name, key.Name, suffix, ok)
		}
		if ok && key.Spell(suffix) != tt.spelt {
			t.Errorf("%q is spelt %q, want %q", tt.name, key.Spell(suffix), tt.spelt)
		}
	}
}

// TestAttestationKeys holds the keys of one value, and that some are numbered.
func TestAttestationKeys(t *testing.T) {
	numbered := 0
	for _, k := range ConditionKeys() {
		if strings.HasPrefix(k.Name, "kms:RecipientAttestation:") {
			numbered += min(1, len(k.Numbers))
			if k.Multivalued || !k.RelevantInKeyPolicy || k.Scope != "listed operations" {
				t.Errorf("got %+v", k)
			}
		}
	}
	if numbered == 0 {
		t.Error("no key is numbered")
	}
}

func TestForAllValuesRefused(t *testing.T) {
	var refused []string
	for _, k := range ConditionKeys() {
		if k.ForAllValuesRefused {
			refused = append(refused, k.Prefix)
		}
	}
	if want := []string{"aws:RequestTag/", "kms:EncryptionContext:"}; !slices.Equal(refused, want) {
		t.Errorf("got %v, want %v", refused, want)
	}
}

func TestRelevantInKeyPolicy(t *testing.T) {
	for name, want := range map[string]bool{
		"kms:ViaService": true, "kms:ResourceAliases": false, "aws:referer": false, "aws:SourceArn": true,
		"aws:SourceVpcArn": true,
	} {
		if k, _, _ := LookupConditionKey(name); k.RelevantInKeyPolicy != want {
			t.Errorf("%s: relevant %v, want %v", name, k.RelevantInKeyPolicy, want)
		}
	}
}

func TestConditionKeyForAction(t *testing.T) {
	tests := []struct {
		key, action string
		want        bool
	}{
		{"kms:EncryptionContext:a", "kms:Decrypt", true},
		{"kms:EncryptionContext:a", "kms:DescribeKey", false},
		{"kms:EncryptionContextKeys", "KMS:SIGN", false},
		{"kms:GrantOperations", "CreateGrant", true},
		{"kms:grantoperations", "Decrypt", false},
		{"kms:CallerAccount", "kms:GetKeyPolicy", true},
		{"kms:ViaService", "kms:Decrypt", true},
		{"kms:KeySpec", "kms:ListKeys", false},
		{"kms:RecipientAttestation:PCR0", "kms:Decrypt", true},
		{"kms:RecipientAttestation:ImageSha384", "kms:Encrypt", false},
		{"aws:SourceArn", "kms:DescribeKey", true},
		{"ec2:SourceInstanceArn", "kms:DescribeKey", true},
		{"kms:NotYetKnown", "kms:Decrypt", true},
		{"kms:GrantOperations", "kms:NotYetKnown", true},
	}
	for _, tt := range tests {
		if got := ConditionKeyForAction(tt.key, tt.action); got != tt.want {
			t.Errorf("ConditionKeyForAction(%q, %q) = %v", tt.key, tt.action, got)
		}
	}
}
