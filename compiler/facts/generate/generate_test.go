package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// excerpt is a part of the sources: a few actions and the condition keys that they have.
var excerpt = []string{"-iam-data", "testdata/iam-data", "-botocore", "testdata/botocore"}

// TestFactsAreGenerated generates from the excerpt, under the overlay that is in use, and finds each entry as it is in
// the facts. So the facts were not changed by hand, and a second run writes the same bytes.
func TestFactsAreGenerated(t *testing.T) {
	overlays, first, second := t.TempDir(), t.TempDir(), t.TempDir()
	kept := map[string][]string{
		"actions": {"CreateAlias", "CreateGrant", "Decrypt", "GenerateRandom", "ListKeys", "PutKeyPolicy", "ReEncryptFrom"},
	}
	reference, err := readAuthorization("testdata/iam-data")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range reference.keys {
		kept["kms_keys"] = append(kept["kms_keys"], key.Key)
	}
	for _, file := range files {
		var overlay object
		if err := readJSON(filepath.Join("overlay", file.name), &overlay); err != nil {
			t.Fatal(err)
		}
		for part, names := range kept {
			if byHand, ok := overlay.get(part).(object); ok {
				overlay.set(part, slices.DeleteFunc(byHand, func(f field) bool { return !slices.Contains(names, f.name) }))
			}
		}
		write(t, filepath.Join(overlays, file.name), overlay)
	}
	for _, into := range []string{first, second} {
		if err := run(append(slices.Clone(excerpt), "-overlay", overlays, "-o", into), io.Discard); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range files {
		page, err := os.ReadFile(filepath.Join(first, file.name))
		if err != nil {
			t.Fatal(err)
		}
		again, err := os.ReadFile(filepath.Join(second, file.name))
		if err != nil || !bytes.Equal(page, again) {
			t.Errorf("%s differs from run to run (%v)", file.name, err)
		}
		holdAgainstFacts(t, file.name, filepath.Join(first, file.name))
	}
}

// holdAgainstFacts compares what was generated with the facts. An excerpt knows only some of a condition key's operations and of the
// values that AWS adds to over the years, so of these it must have no other.
func holdAgainstFacts(t *testing.T, name, path string) {
	t.Helper()
	var got, want object
	if err := readJSON(path, &got); err != nil {
		t.Fatal(err)
	}
	if err := readJSON(filepath.Join("..", name), &want); err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) {
		t.Errorf("%s has %d parts, want %d", name, len(got), len(want))
	}
	for _, f := range got {
		switch f.name {
		case "actions", "kms_keys":
			holdEntries(t, f.value, want.get(f.name))
		case "source": // names the versions of the sources, of which the excerpt has its own
		case "recipient_attestation_keys":
		case "enums":
			known, _ := want.get(f.name).(object)
			lists, _ := f.value.(object)
			for _, list := range lists {
				holdValues(t, list.name, list.value, known.get(list.name))
			}
		default:
			if !reflect.DeepEqual(f.value, want.get(f.name)) {
				t.Errorf("%s, %s:\n%v, in the facts\n%v", name, f.name, f.value, want.get(f.name))
			}
		}
	}
}

func holdEntries(t *testing.T, got, want any) {
	t.Helper()
	entries, _ := got.([]any)
	if len(entries) < 5 {
		t.Errorf("%d entries were generated", len(entries))
	}
	facts := map[any]object{}
	all, _ := want.([]any)
	for _, e := range all {
		entry, _ := e.(object)
		facts[entry[0].value] = entry
	}
	for _, e := range entries {
		entry, _ := e.(object)
		fact := facts[entry[0].value]
		for _, list := range []string{"operations", "values"} {
			if entry.get(list) != nil {
				holdValues(t, entry[0].value, entry.get(list), fact.get(list))
				entry.set(list, fact.get(list))
			}
		}
		if entry.get("operations") != nil {
			entry.set("scope", fact.get("scope"))
		}
		if !reflect.DeepEqual(entry, fact) {
			t.Errorf("generated\n%v\nin the facts\n%v", entry, fact)
		}
	}
}

// holdValues finds each value of a list in the facts' list.
func holdValues(t *testing.T, of, got, want any) {
	t.Helper()
	listed, _ := want.([]any)
	values, ok := got.([]any)
	if !ok || len(values) == 0 {
		t.Errorf("%v has no values: %v", of, got)
	}
	for _, v := range values {
		if !slices.Contains(listed, v) {
			t.Errorf("%v: %v is not in the facts", of, v)
		}
	}
}

func write(t *testing.T, path string, o object) {
	t.Helper()
	page, err := o.page()
	if err == nil {
		err = os.WriteFile(path, page, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestNewAction: an action that only the sources have gets what most actions on a key have.
func TestNewAction(t *testing.T) {
	reference, err := readAuthorization("testdata/iam-data")
	if err != nil {
		t.Fatal(err)
	}
	api, err := readModel("testdata/botocore")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(reference.actions, func(a authorizedAction) bool { return a.Name == "Decrypt" })
	added := reference.actions[i]
	added.Name, added.Level = "PeekKey", "Read"
	reference.actions = append(reference.actions, added)
	overlay := object{{"every_key_kind", []any{"hmac"}}, {"enums", nil}, {"actions", object{}}}
	facts, err := actions(overlay, reference, api)
	if err != nil {
		t.Fatal(err)
	}
	entries, _ := facts.get("actions").([]object)
	entry := entries[len(entries)-1]
	want := map[string]any{
		"name": "PeekKey", "action": "kms:PeekKey", "policy_type": "key_policy", "effective_in_key_policy": true,
		"cross_account": "unknown", "is_cryptographic_operation": false, "is_grant_operation": false, "deprecated": false,
	}
	for name, value := range want {
		if got := entry.get(name); got != value {
			t.Errorf("%s = %v, want %v", name, got, value)
		}
	}
	keys, _ := entry.get("condition_keys_own").([]string)
	if !slices.Contains(keys, "kms:ViaService") || slices.ContainsFunc(keys, func(k string) bool { return strings.HasPrefix(k, attestation) }) {
		t.Errorf("condition keys %v", keys)
	}
}

// TestWhatAWSTookAway: what only the overlay has is a fault that a person looks at.
func TestWhatAWSTookAway(t *testing.T) {
	err := run(append(slices.Clone(excerpt), "-overlay", "overlay", "-o", t.TempDir()), io.Discard)
	if err == nil || !strings.Contains(err.Error(), "which the overlay has") || !strings.Contains(err.Error(), "DeleteAlias") {
		t.Errorf("got %v", err)
	}
}

func TestUsage(t *testing.T) {
	for name, args := range map[string][]string{
		"nothing":         nil,
		"one source":      excerpt[:2],
		"an argument":     append(slices.Clone(excerpt), "x"),
		"no such package": {"-iam-data", "testdata/none", "-botocore", "testdata/botocore"},
		"no such model":   {"-iam-data", "testdata/iam-data", "-botocore", "testdata"},
	} {
		into := t.TempDir()
		if err := run(append([]string{"-overlay", "overlay", "-o", into}, args...), io.Discard); err == nil {
			t.Errorf("%s: no error", name)
		}
		if left, err := os.ReadDir(into); err != nil || len(left) > 0 {
			t.Errorf("%s: wrote %v (%v)", name, left, err)
		}
	}
}
