package rules_test

import (
	"context"
	"hash/fnv"
	"maps"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/compiler/symbol"
	"github.com/keypolicy/keypolicy/rules"
)

// invented is what nobody wrote: an account, the id of a key, a Region.
var invented = regexp.MustCompile(`\b[0-9]{12}\b|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]+\b|not-known-[0-9]+|\b[a-z]{2}-[a-z]+-[0-9]\b`)

// others are accounts and a Region in the place of those that fillings may have.
var others = strings.NewReplacer("111122223333", "310000000001", "444455556666", "310000000002", "555566667777", "310000000003", "eu-central-1", "eu-west-3")

// TestFillingsAreNotShown puts a hole in the place of scalars of policies whose account is not known: what is found, and what is
// advised, names no account, key or Region that the policy does not. KEYPOLICY_HOLES=all looks at every scalar.
func TestFillingsAreNotShown(t *testing.T) {
	set := load(t, rules.Options{Severity: map[string]string{"example-account-id": "info"}})
	sample := uint32(151)
	texts := exampleDocuments(t)
	maps.Copy(texts, corpusDocuments(t))
	if os.Getenv("KEYPOLICY_HOLES") == "all" {
		sample = 1
	}
	tried := 0
	for _, name := range sortedNames(texts) {
		text := others.Replace(texts[name])
		unit, found := compiler.Compile(compiler.Input{Name: name, Text: []byte(text)}, compiler.Options{})
		if found.HasErrors() || len(unit.Documents) != 1 || len(unit.Documents[0].Policies) != 1 {
			continue
		}
		p := unit.Documents[0].Policies[0]
		for _, path := range scalarsOf(p.Document.Root, nil) {
			h := fnv.New32()
			h.Write([]byte(name + path.Pointer()))
			if h.Sum32()%sample != 0 {
				continue
			}
			tried++
			holed := replaced(p, path, func(n *source.Node) {
				made := source.NewText(n.Place, symbol.Part{Hole: &symbol.Hole{Kind: symbol.Variable, Ref: "var.hole"}})
				n.Text, n.Parts, n.Type, n.Style = made.Text, made.Parts, made.Type, made.Style
			})
			list, err := set.Evaluate(context.Background(), rules.Target{Policies: []*spec.Compiled{holed}})
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range list {
				for _, shown := range invented.FindAllString(d.Message+" "+d.Help, -1) {
					if !strings.Contains(text, shown) {
						t.Errorf("%s %s: %s shows %s, which nobody wrote: %s (%s)", name, path.Pointer(), d.Rule, shown, d.Message, d.Help)
					}
				}
			}
		}
	}
	if tried < 15 {
		t.Errorf("only %d scalars were tried", tried)
	}
}
