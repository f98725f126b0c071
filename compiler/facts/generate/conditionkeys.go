package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

var conditionKeyFields = []string{
	"key", "type", "says", "holds_id", "operator_families", "value_type", "set_operator_required", "usable_in", "scope", "operations",
	"presence", "deprecated", "replaced_by", "presence_note", "values", "value_form", "note",
}

// conditionKeys completes the overlay of kms-condition-keys.json: it adds for every condition key of KMS what the
// sources say, with the overlay's own words over it, and the operations that take an attestation document.
//
// Two fields of an overlay's entry represent what the sources have elsewhere: values_of names a list of values of the
// model, and operations_of a key that is on the same operations.
func conditionKeys(overlay object, a authorization, m model) (object, error) {
	byHand, _ := overlay.get("kms_keys").(object)
	var entries []object
	for _, key := range a.keys {
		entry, err := conditionKeyOf(key, byHand, a, m)
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry)
	}
	if err := unknown("condition key", byHand, entries, "key"); err != nil {
		return nil, err
	}
	recipients, ok := overlay.get("recipient_attestation_keys").(object)
	if !ok {
		return nil, errors.New("overlay of the condition keys: recipient_attestation_keys is missing")
	}
	var operations []string
	for _, action := range a.actions {
		if m.takes(action.Name, "Recipient") {
			operations = append(operations, action.Name)
		}
	}
	recipients = slices.Clone(recipients)
	recipients.set("operations", operations)
	return complete(overlay, a, m, object{{"kms_keys", entries}, {"recipient_attestation_keys", recipients}}), nil
}

// conditionKeyOf returns the entry of one key.
func conditionKeyOf(key authorizedKey, byHand object, a authorization, m model) (object, error) {
	kind, multi := strings.CutPrefix(key.Type, "ArrayOf")
	families, valueType := []string{kind}, "single"
	if kind == "ARN" {
		families = []string{"Arn", "String"}
	}
	if multi {
		valueType = "multi"
	}
	entry := object{
		{"key", key.Key},
		{"type", kind},
		{"operator_families", families},
		{"value_type", valueType},
		{"set_operator_required", multi},
		{"usable_in", "key_policy_and_iam"},
		{"presence", "unverified"},
		{"deprecated", strings.Contains(strings.ToLower(key.Description), "deprecated")},
	}
	extra, _ := byHand.get(key.Key).(object)
	carrier := key.Key
	if other, ok := extra.get("operations_of").(string); ok {
		carrier = other
	}
	operations, scope := a.operations(carrier)
	entry.set("operations", operations)
	entry.set("scope", scope)
	for _, f := range extra {
		switch f.name {
		case "operations_of":
		case "values_of":
			name, _ := f.value.(string)
			values, err := m.values(name)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", key.Key, err)
			}
			entry.set("values", values)
		default:
			entry.set(f.name, f.value)
		}
	}
	return entry.ordered(conditionKeyFields), nil
}

// operations returns the actions that a condition key is on, and whether these are all that act on a KMS key.
func (a authorization) operations(key string) ([]string, string) {
	names, all := []string{}, true
	for _, action := range a.actions {
		onKey := action.on("key")
		has := slices.Contains(action.Keys, key) || onKey && slices.Contains(a.ofKey, key)
		if has {
			names = append(names, action.Name)
		}
		all = all && (has || !onKey)
	}
	if all {
		return names, "all key resource operations"
	}
	return names, "listed operations"
}
