package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// labelled is a real policy with what is known to be wrong with it.
type labelled struct {
	File     string `json:"file"`
	Expected struct {
		Accepts any      `json:"aws_accepts"`
		Issues  []string `json:"issues"`
	} `json:"expected"`
}

// tells names, for a label of the corpus, the rules of which one has to tell of it.
var tells = map[string][]string{
	"duplicate-key":         {"syntax"},
	"duplicate-sid":         {"duplicate-sid"},
	"empty-principal":       {"missing-principal"},
	"invalid-json":          {"syntax"},
	"missing-principal":     {"missing-principal", "identity-policy-shape"},
	"missing-resource":      {"missing-resource"},
	"no-version":            {"missing-version", "variable-misplaced"},
	"not-a-policy-document": {"syntax", "schema"},
	"old-version":           {"old-version", "variable-misplaced"},
	"resource-alias-arn":    {"resource-not-star", "resource-other-key"},
	"resource-not-kms":      {"resource-not-star"},
	"resource-not-star":     {"resource-not-star", "resource-other-key", "resource-key-id-form", "identity-policy-shape"},
}

// held are the categories whose rules say nothing of severity error about a policy that AWS takes.
var held = []string{"grammar", "principals", "spec", "hygiene"}

// takenNotwithstanding names rules about form, with the label of what AWS takes though it is wrong.
var takenNotwithstanding = map[string]string{"missing-resource": "missing-resource"}

// The rules about real policies: each fault that is known is told, and nothing of severity error on what AWS takes.
func TestLabels(t *testing.T) {
	corpus := os.Getenv("KEYPOLICY_CORPUS")
	if corpus == "" {
		t.Skip("KEYPOLICY_CORPUS names no folder")
	}
	text, err := os.ReadFile(filepath.Join(corpus, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []labelled
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, p := range all {
		if !isPolicy(p.File) {
			continue
		}
		if files[p.File], err = os.ReadFile(filepath.Join(corpus, p.File)); err != nil {
			t.Fatal(err)
		}
	}
	told := map[string]diag.List{}
	for _, d := range lintFiles(t, files) {
		told[d.Place.File] = append(told[d.Place.File], d)
	}
	for _, p := range all {
		if isPolicy(p.File) {
			checkLabels(t, p, told[p.File])
		}
	}
}

func isPolicy(file string) bool {
	return strings.HasPrefix(file, "policies/") || strings.HasPrefix(file, "malformed/")
}

func checkLabels(t *testing.T, p labelled, found diag.List) {
	t.Helper()
	for _, label := range p.Expected.Issues {
		if names := tells[label]; names != nil && !slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return slices.Contains(names, d.Rule) }) {
			t.Errorf("%s: none of %v tells of %s", p.File, names, label)
		}
	}
	if p.Expected.Accepts != true {
		return
	}
	for _, d := range found {
		if !slices.Contains(held, d.Category) || slices.Contains(p.Expected.Issues, takenNotwithstanding[d.Rule]) {
			continue
		}
		if d.Severity == diag.Error || d.Severity == diag.Warning && len(p.Expected.Issues) == 0 {
			t.Errorf("%s:%d: AWS takes it, and %s/%s says: %s", p.File, d.Place.Range.Start.Line, d.Rule, d.Reason, d.Message)
		}
	}
}
