package facts

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"strings"
	"testing"
	"time"
)

// dataFiles are the embedded files that hold what AWS says.
func dataFiles(t *testing.T) []string {
	t.Helper()
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, name := range names {
		if name != "confusions.json" {
			out = append(out, name)
		}
	}
	if len(out) != 9 {
		t.Fatalf("got the files %v, want nine", out)
	}
	return out
}

// read decodes an embedded file without any of the package's types.
func read(t *testing.T, name string) map[string]json.RawMessage {
	t.Helper()
	data, err := files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var top map[string]json.RawMessage
	if err := json.Unmarshal(data, &top); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return top
}

func TestEveryFileHasDateAndSource(t *testing.T) {
	newest := ""
	for _, name := range dataFiles(t) {
		var date, source string
		top := read(t, name)
		if err := json.Unmarshal(top["date"], &date); err != nil {
			t.Fatalf("%s: date: %v", name, err)
		}
		if _, err := time.Parse(time.DateOnly, date); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := json.Unmarshal(top["source"], &source); err != nil || source == "" {
			t.Errorf("%s has no source (%v)", name, err)
		}
		newest = max(newest, date)
	}
	if Date() != newest {
		t.Errorf("Date() = %q, want the newest, %q", Date(), newest)
	}
}

// TestEveryFieldIsExposed fails when a list in the data gets a field that its type lacks.
func TestEveryFieldIsExposed(t *testing.T) {
	tests := []struct {
		file, field string
		into        any
	}{
		{"kms-actions.json", "actions", new([]Action)},
		{"kms-actions.json", "key_kinds", new(map[string]keyKindData)},
		{"kms-condition-keys.json", "kms_keys", new([]ConditionKey)},
		{"encryption-contexts.json", "contexts", new([]ContextForm)},
		{"encryption-contexts.json", "parts", new([]contextPart)},
		{"kms-condition-keys.json", "global_keys", new([]ConditionKey)},
		{"kms-condition-keys.json", "cross_service_keys", new([]ConditionKey)},
		{"kms-condition-keys.json", "recipient_attestation_keys", new(attestationData)},
		{"condition-operators.json", "operators", new([]Operator)},
		{"condition-operators.json", "set_operators", new([]SetOperator)},
		{"service-principals.json", "services", new([]ServiceUse)},
		{"service-principals.json", "confused_deputy_exceptions", new([]ConfusedDeputyException)},
		{"service-principals.json", "published_grant_statements", new([]PublishedGrantStatement)},
		{"putkeypolicy.json", "operations", new([]Operation)},
		{"putkeypolicy.json", "errors", new([]APIError)},
		{"putkeypolicy.json", "document_rules", new([]DocumentRule)},
		{"putkeypolicy.json", "principals", new([]PrincipalForm)},
		{"putkeypolicy.json", "invalid_principal_error", new(Refusal)},
		{"putkeypolicy.json", "partitions", new([]Partition)},
	}
	for _, tt := range tests {
		t.Run(tt.file+"/"+tt.field, func(t *testing.T) {
			decoder := json.NewDecoder(bytes.NewReader(read(t, tt.file)[tt.field]))
			decoder.DisallowUnknownFields()
			if err := decoder.Decode(tt.into); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestConstraintsHaveNoOtherFields(t *testing.T) {
	var list []struct {
		Constraints map[string]any `json:"constraints"`
	}
	if err := json.Unmarshal(read(t, "kms-actions.json")["actions"], &list); err != nil {
		t.Fatal(err)
	}
	known := "origin custom_key_store multi_region multi_region_key_type"
	for _, a := range list {
		for name := range a.Constraints {
			if !strings.Contains(known, name) {
				t.Errorf("the constraint %q is not exposed", name)
			}
		}
	}
	var c Constraints
	if err := json.Unmarshal([]byte(`{"origin": 1}`), &c); err == nil {
		t.Error("a constraint of the wrong type was read")
	}
}

func TestLazyPanicsOnAFileThatIsNotThere(t *testing.T) {
	defer func() {
		if text, _ := recover().(string); !strings.Contains(text, "no-such-file.json") {
			t.Errorf("got the panic %q, want one that names the file", text)
		}
	}()
	lazy[actionData]("no-such-file.json")()
}
