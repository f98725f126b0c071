package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// Every row of the table writes every finding, also none.
func TestEveryFormatWritesEveryFinding(t *testing.T) {
	list := diag.List{
		{Rule: "syntax", Severity: diag.Error, Message: "first"},
		{Rule: "single-editor", Reason: "a-reason", Severity: diag.Info, Message: "second", Place: diag.Place{File: "a.yaml"}, Witness: &diag.Witness{Principal: "p", Action: "kms:Decrypt"}},
	}
	for _, name := range Formats() {
		var out strings.Builder
		if err := Write(&out, name, Findings{List: list, Summary: keypolicy.Summary{Files: 1}}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, want := range []string{"syntax", "first", "single-editor", "a-reason", "second"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: %q is not in\n%s", name, want, out.String())
			}
		}
		if err := Write(&out, name, Findings{}); err != nil {
			t.Errorf("%s of no finding: %v", name, err)
		}
	}
	if names := Formats(); !slices.Equal(slices.Compact(slices.Sorted(slices.Values(names))), slices.Sorted(slices.Values(names))) || names[0] != Text {
		t.Errorf("the formats are %v", names)
	}
}
