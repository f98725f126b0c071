package uses_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/uses"
)

// Public reports of uses that failed at run time: each is found before, and the policy that its thread ended in fulfils the use.
func TestPublicReports(t *testing.T) {
	text, err := os.ReadFile("testdata/reports.json")
	if err != nil {
		t.Fatal(err)
	}
	var reports []struct {
		Source string            `json:"source"`
		Use    string            `json:"use"`
		Before []json.RawMessage `json:"before"`
		Want   uses.Verdict      `json:"want"`
		After  []json.RawMessage `json:"after"`
	}
	if err := json.Unmarshal(text, &reports); err != nil {
		t.Fatal(err)
	}
	if len(reports) < 20 {
		t.Errorf("%d reports", len(reports))
	}
	for _, r := range reports {
		t.Run(r.Source, func(t *testing.T) {
			use, ok := facts.LookupUse(r.Use)
			if !ok {
				t.Fatalf("there is no use %s", r.Use)
			}
			asked := uses.Asked{Use: use}
			if got := ask(t, asked, texts(r.Before)...).Verdict; got != r.Want {
				t.Errorf("before: %s, want %s", got, r.Want)
			}
			if got := ask(t, asked, texts(r.After)...).Verdict; got != uses.Fulfilled {
				t.Errorf("after the fix: %s", got)
			}
			if asked.Include() == "" {
				t.Error("nothing is offered")
			}
		})
	}
}

func texts(raw []json.RawMessage) []string {
	var list []string
	for _, r := range raw {
		list = append(list, string(r))
	}
	return list
}
