package facts

import (
	"slices"
	"strings"
	"sync"

	"github.com/keypolicy/keypolicy/compiler/glob"
)

// Presence says when a condition key is in a request.
type Presence string

// The values of Presence.
const (
	// PresenceAlways is for a key that is in every request of its operations.
	PresenceAlways Presence = "always"
	// PresenceSometimes is for a key that can be missing; PresenceNote says when.
	PresenceSometimes Presence = "sometimes"
	// PresenceOnListedOperations is for a key that its operations set, from the request or by default.
	PresenceOnListedOperations Presence = "on_listed_operations"
	// PresenceUnverified is for a key of which AWS's pages do not say it.
	PresenceUnverified Presence = "unverified"
)

// ConditionKey is a condition key, or a family of them that differ in what follows a prefix.
// https://docs.aws.amazon.com/kms/latest/developerguide/policy-conditions.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
type ConditionKey struct {
	// Name is the key as AWS spells it; a family has a placeholder at its end, as in aws:PrincipalTag/${TagKey}.
	Name string `json:"key"`
	// Pattern is true for a family, whose members start with Prefix.
	Pattern bool `json:"-"`
	// Prefix is what a family's members start with, as in aws:PrincipalTag/; empty for a single key.
	Prefix string `json:"-"`
	// Numbers are the suffixes that a family of numbered keys has; nil where any suffix will do.
	Numbers []int `json:"-"`
	// Type is String, ARN, Bool, Numeric, Date or IP.
	Type string `json:"type"`
	// Says is what the key says of a request; empty where nothing but its value is looked at.
	Says Says `json:"says"`
	// HoldsID is the key whose value each of this one's holds: of an ARN's account, of a path's organization; empty for none.
	HoldsID string `json:"holds_id"`
	// OperatorFamilies are the families (see Operator) that compare such a value, the advised one first.
	OperatorFamilies []string `json:"operator_families"`
	// ValueType is single or multi.
	ValueType string `json:"value_type"`
	// Multivalued is true for a key that can have several values in one request.
	Multivalued bool `json:"-"`
	// SetOperatorRequired is true where a condition on the key needs ForAllValues or ForAnyValue.
	SetOperatorRequired bool `json:"set_operator_required"`
	// ForAllValuesRefused is true where KMS refuses a policy that puts ForAllValues on the key.
	ForAllValuesRefused bool `json:"-"`
	// UsableIn is key_policy_and_iam or iam_only for the keys of KMS; empty for others.
	UsableIn string `json:"usable_in"`
	// Scope says which operations a key of KMS belongs to: all key resource operations, or listed operations.
	Scope string `json:"scope"`
	// Operations are the actions, without kms:, whose requests can have a key of KMS; nil for keys of every request.
	Operations []string `json:"operations"`
	// Presence reports whether a request has the key.
	Presence Presence `json:"presence"`
	// PresenceNote says when the key is there.
	PresenceNote string `json:"presence_note"`
	// Deprecated is true for an old name, which still works.
	Deprecated bool `json:"deprecated"`
	// ReplacedBy is the name to use in place of a deprecated one.
	ReplacedBy string `json:"replaced_by"`
	// Values are the only values that the key can have; nil where there is no such list.
	Values []string `json:"values"`
	// ValueForm describes the value where there is no list.
	ValueForm string `json:"value_form"`
	// NoWildcards is true where a wildcard in the value has no valid use.
	NoWildcards bool `json:"no_wildcards"`
	// Category is network, principal, request, resource or session; kms for the keys of KMS.
	Category string `json:"category"`
	// Relevance is yes, no or unverified: whether a key policy has use for the key.
	Relevance string `json:"relevant_in_key_policy"`
	// RelevantInKeyPolicy is false only where the key has no use in a key policy.
	RelevantInKeyPolicy bool `json:"-"`
	// Note is a sentence for people, if there is something to know.
	Note string `json:"note"`
}

// Spell returns the full name of a member of the key's family as AWS spells it; for a single key it is the name.
func (k ConditionKey) Spell(suffix string) string {
	if !k.Pattern {
		return k.Name
	}
	return k.Prefix + suffix
}

type conditionKeyData struct {
	Date              string                      `json:"date"`
	SetOperatorErrors map[string]setOperatorError `json:"set_operator_errors"`
	KMS               []ConditionKey              `json:"kms_keys"`
	Attestation       attestationData             `json:"recipient_attestation_keys"`
	Global            []ConditionKey              `json:"global_keys"`
	CrossService      []ConditionKey              `json:"cross_service_keys"`
	ViaService        viaServiceData              `json:"via_service"`
}

type setOperatorError struct {
	Operator string   `json:"operator_prefix"`
	Keys     []string `json:"keys"`
}

var conditionKeyFile = lazy[conditionKeyData]("kms-condition-keys.json")

// conditionKeyTable is the condition keys, sorted and complete, with an index of the single ones by name, as AWS spells it and in lower case.
type conditionKeyTable struct {
	sorted   []ConditionKey
	single   map[string]int
	patterns []int
}

var conditionKeys = sync.OnceValue(func() conditionKeyTable {
	file := conditionKeyFile()
	t := conditionKeyTable{single: map[string]int{}}
	t.sorted = slices.Concat(file.KMS, file.Attestation.keys(), file.Global, file.CrossService)
	slices.SortFunc(t.sorted, func(a, b ConditionKey) int { return strings.Compare(a.Name, b.Name) })
	for i := range t.sorted {
		k := &t.sorted[i]
		complete(k, file.SetOperatorErrors)
		if k.Pattern {
			t.patterns = append(t.patterns, i)
		} else {
			t.single[k.Name], t.single[strings.ToLower(k.Name)] = i, i
		}
	}
	return t
})

// complete fills in what follows from the fields of the file.
func complete(k *ConditionKey, errors map[string]setOperatorError) {
	if at := strings.IndexAny(k.Name, "$<"); at >= 0 {
		k.Pattern, k.Prefix = true, k.Name[:at]
	}
	if strings.HasPrefix(k.Name, "kms:") {
		k.Category = "kms"
	}
	k.Multivalued = k.ValueType == "multi"
	k.RelevantInKeyPolicy = k.Relevance != "no" && k.UsableIn != "iam_only"
	for _, e := range errors {
		k.ForAllValuesRefused = k.ForAllValuesRefused ||
			e.Operator == "ForAllValues" && slices.ContainsFunc(e.Keys, func(p string) bool { return glob.Match(p, k.Name) })
	}
}

// ConditionKeys returns every condition key and family of them, sorted by name.
func ConditionKeys() []ConditionKey {
	return slices.Clone(conditionKeys().sorted)
}

// LookupConditionKey finds a condition key by its name, without regard to case, as IAM does. For a member of a family
// it is the family, with what follows the prefix as suffix, as written.
func LookupConditionKey(name string) (key ConditionKey, suffix string, ok bool) {
	t := conditionKeys()
	i, found := t.single[name]
	if !found {
		i, found = t.single[strings.ToLower(name)]
	}
	if found {
		return t.sorted[i], "", true
	}
	for _, i := range t.patterns {
		k := t.sorted[i]
		if len(name) <= len(k.Prefix) || !strings.EqualFold(name[:len(k.Prefix)], k.Prefix) {
			continue
		}
		if rest := name[len(k.Prefix):]; k.Numbers == nil || isNumber(rest, k.Numbers) {
			return k, rest, true
		}
	}
	return ConditionKey{}, "", false
}

// ConditionKeyForAction reports whether a request for an action, with or without its kms:, can have a condition key. It
// is false only where that is known: an unknown key or action may be newer than these facts.
func ConditionKeyForAction(key, action string) bool {
	k, _, ok := LookupConditionKey(key)
	if !ok || k.Operations == nil {
		return true
	}
	a, ok := LookupAction(action)
	if !ok {
		a, ok = LookupAction("kms:" + action)
	}
	return !ok || slices.Contains(k.Operations, a.ShortName)
}
