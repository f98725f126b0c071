package facts

import (
	"slices"
	"strings"
)

// The kinds of KMS key, by what they do.
// https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-compare.html
const (
	SymmetricEncryption      = "symmetric_encryption"
	AsymmetricEncryptDecrypt = "asymmetric_encrypt_decrypt"
	AsymmetricSignVerify     = "asymmetric_sign_verify"
	HMAC                     = "hmac"
	AsymmetricKeyAgreement   = "asymmetric_key_agreement"
)

// KindOfKey is a kind of key with the key usage and the key specs that make it.
type KindOfKey struct {
	Name     string
	KeyUsage string
	KeySpecs []string
}

type keyKindData struct {
	KeyUsage string   `json:"key_usage"`
	KeySpecs []string `json:"key_specs"`
}

// KeyKinds returns the kinds of key, sorted by name.
func KeyKinds() []KindOfKey {
	var kinds []KindOfKey
	for name, k := range actionFile().KeyKinds {
		kinds = append(kinds, KindOfKey{Name: name, KeyUsage: k.KeyUsage, KeySpecs: k.KeySpecs})
	}
	slices.SortFunc(kinds, func(a, b KindOfKey) int { return strings.Compare(a.Name, b.Name) })
	return kinds
}

// KeyKind returns the kind of a key from its spec and usage, as KMS spells them. It is false where there is no such key:
// the spec or the usage is unknown, or the two do not go together.
func KeyKind(keySpec, keyUsage string) (kind string, ok bool) {
	for name, k := range actionFile().KeyKinds {
		if k.KeyUsage == keyUsage && slices.Contains(k.KeySpecs, keySpec) {
			return name, true
		}
	}
	return "", false
}

// KeyUsages returns the key usages that a key spec can have, sorted.
func KeyUsages(keySpec string) []string {
	var usages []string
	for _, k := range actionFile().KeyKinds {
		if slices.Contains(k.KeySpecs, keySpec) {
			usages = append(usages, k.KeyUsage)
		}
	}
	slices.Sort(usages)
	return slices.Compact(usages)
}

// Enum returns the values of an enumeration of the KMS API, such as KeySpec, KeyUsage, Origin or GrantOperation, in the
// API's order; nil for an unknown name.
func Enum(name string) []string {
	return slices.Clone(actionFile().Enums[name])
}
