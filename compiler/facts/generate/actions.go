package main

import (
	"errors"
	"slices"
	"strings"
)

var actionFields = []string{
	"name", "action", "access_levels", "resource_types", "api_operations", "effective_in_key_policy", "policy_type",
	"cross_account", "is_cryptographic_operation", "decrypts", "is_grant_operation", "condition_keys_own",
	"condition_keys_key_resource", "recipient_attestation_keys", "key_kinds", "key_specs", "constraints", "deprecated",
	"cross_account_note", "note",
}

// actions completes the overlay of kms-actions.json: it adds the model's lists of values, and for every action of the
// reference what the two sources say, with the overlay's own words over it.
func actions(overlay object, a authorization, m model) (object, error) {
	byHand, _ := overlay.get("actions").(object)
	kinds, ok := overlay.get("every_key_kind").([]any)
	if !ok {
		return nil, errors.New("overlay of the actions: every_key_kind is missing")
	}
	var entries []object
	for _, action := range a.actions {
		entry := actionOf(action, a, m, kinds)
		extra, _ := byHand.get(action.Name).(object)
		for _, f := range extra {
			entry.set(f.name, f.value)
		}
		entries = append(entries, entry.ordered(actionFields))
	}
	if err := unknown("action", byHand, entries, "name"); err != nil {
		return nil, err
	}
	var values object
	for _, e := range enums {
		list, err := m.values(e.name)
		if err != nil {
			return nil, err
		}
		values.set(e.name, list)
	}
	return complete(overlay, a, m, object{{"every_key_kind", nil}, {"enums", values}, {"actions", entries}}), nil
}

// actionOf returns what the sources say of one action. What they do not say is what most actions of its resource have.
func actionOf(action authorizedAction, a authorization, m model, kinds []any) object {
	onKey := action.on("key")
	var resources []string
	for _, r := range action.Resources {
		resources = append(resources, r.Name)
	}
	operations, policy, ofKey := []string{}, "iam_only", []string{}
	if _, ok := m.Operations[action.Name]; ok {
		operations = append(operations, action.Name)
	}
	if len(resources) == 0 {
		resources = []string{"none"}
	}
	if onKey {
		policy, ofKey = "key_policy", a.ofKey
	} else {
		kinds = []any{}
	}
	isGrant := slices.Contains(m.Shapes["GrantOperation"].Enum, action.Name)
	own := slices.DeleteFunc(slices.Clone(action.Keys), func(key string) bool { return strings.HasPrefix(key, attestation) })
	return object{
		{"name", action.Name},
		{"action", "kms:" + action.Name},
		{"access_levels", strings.Split(action.Level, ", ")},
		{"resource_types", resources},
		{"api_operations", operations},
		{"effective_in_key_policy", onKey},
		{"policy_type", policy},
		{"cross_account", m.crossAccount(action.Name)},
		{"is_cryptographic_operation", isCryptographic(action, isGrant, m)},
		{"decrypts", m.takes(action.Name, "CiphertextBlob") && m.returns(action.Name, "Plaintext")},
		{"is_grant_operation", isGrant},
		{"condition_keys_own", slices.Clip(append([]string{}, own...))},
		{"condition_keys_key_resource", ofKey},
		{"recipient_attestation_keys", m.takes(action.Name, "Recipient")},
		{"key_kinds", kinds},
		{"key_specs", []string{}},
		{"constraints", object{}},
		{"deprecated", m.Operations[action.Name].Deprecated},
	}
}

// isCryptographic reports whether an action uses a key on data: those that AWS lists write, manage no permissions, and can be allowed by
// a grant, are described by their algorithm, or answer an attested enclave.
// https://docs.aws.amazon.com/kms/latest/developerguide/kms-cryptography.html#cryptographic-operations
func isCryptographic(action authorizedAction, isGrant bool, m model) bool {
	hasAlgorithm := slices.ContainsFunc(action.Keys, func(key string) bool { return strings.HasSuffix(key, "Algorithm") })
	return action.Level == "Write" && (isGrant || hasAlgorithm || m.takes(action.Name, "Recipient"))
}
