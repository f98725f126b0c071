package uses_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/expand"
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
			given := uses.Asked{Use: use, Given: given(use)}
			if got := included(t, given, r.Before); got != uses.Fulfilled {
				t.Errorf("with %s included: %s", given.Include(), got)
			}
			if got := ask(t, asked, append(texts(r.Before), given.Statements(key)...)...).Verdict; got != uses.Fulfilled {
				t.Errorf("with the statements that are offered: %s", got)
			}
		})
	}
}

// included is what a spec with some statements makes of a use whose template it includes.
func included(t *testing.T, a uses.Asked, statements []json.RawMessage) uses.Verdict {
	t.Helper()
	text := fmt.Sprintf("account: %q\nregion: %s\ndelegate_to_iam: false\ninclude:\n  - %s\nstatements:\n", key.Account, key.Region, a.Include())
	for _, s := range texts(statements) {
		var one bytes.Buffer
		if err := json.Compact(&one, []byte(s)); err != nil {
			t.Fatal(err)
		}
		text += "  - " + one.String() + "\n"
	}
	unit, found := compiler.Compile(compiler.Input{Name: "k.keypolicy.yaml", Text: []byte(text), Spec: true}, compiler.Options{Templates: expand.NewLibrary(nil)})
	if found.HasErrors() {
		t.Fatalf("%s\n%v", text, found)
	}
	return uses.NewJudge(unit.Documents[0].Policies[0].Document, access.EnvOf(key)).Ask(a).Verdict
}

func texts(raw []json.RawMessage) []string {
	var list []string
	for _, r := range raw {
		list = append(list, string(r))
	}
	return list
}
