package rules_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/compiler/symbol"
	"github.com/keypolicy/keypolicy/rules"
)

// TestHolesProperty puts a hole in the place of each scalar of policies, and holds two laws. No error appears that the policy did
// not have: what is not known accuses nobody. And an error that is made whatever is there is made with the hole too, unless
// it is one at the hole: so a linter that falls silent at any hole fails. KEYPOLICY_HOLES=all looks at every scalar, not at a
// sample, and KEYPOLICY_CORPUS names a folder with more policies.
func TestHolesProperty(t *testing.T) {
	set := load(t, rules.Options{})
	sample, failed := uint32(97), 0
	texts := exampleDocuments(t)
	if corpus := corpusDocuments(t); len(corpus) > 0 {
		texts = corpus
	}
	if os.Getenv("KEYPOLICY_HOLES") == "all" {
		sample = 1
	}
	tried := 0
	for _, name := range sortedNames(texts) {
		p := onePolicy(name, texts[name])
		if p == nil {
			continue
		}
		whole := errorsOf(t, set, p)
		for _, path := range scalarsOf(p.Document.Root, nil) {
			if len(path) == 2 { // a text in the place of a statement, which no filling makes one
				continue
			}
			h := fnv.New32()
			h.Write([]byte(name + path.Pointer()))
			if h.Sum32()%sample != 0 {
				continue
			}
			tried++
			if !holdsAtHole(t, set, name, p, path, maps.Clone(whole)) {
				failed++
			}
			if failed > 40 {
				t.Fatal("and more")
			}
		}
	}
	if tried < 25 {
		t.Errorf("only %d scalars were tried", tried)
	}
	t.Logf("%d scalars of %d texts, %d failed", tried, len(texts), failed)
}

// holdsAtHole holds the laws at one scalar of a policy, whose errors without a hole are whole.
func holdsAtHole(t *testing.T, set *rules.Set, name string, p *spec.Compiled, path diag.Path, whole map[string]bool) bool {
	t.Helper()
	_, at := p.Document.Root.Resolve(path)
	hole := errorsOf(t, set, replaced(p, path, func(n *source.Node) {
		made := source.NewText(n.Place, symbol.Part{Hole: &symbol.Hole{Kind: symbol.Variable, Ref: "var.hole"}})
		n.Text, n.Parts, n.Type, n.Style = made.Text, made.Parts, made.Type, made.Style
	}))
	for e := range whole { // what is found at the hole may be found next to it instead
		if rule, place, _ := strings.Cut(e, " "); place == at.Place.Path {
			whole[rule] = true
		}
	}
	shared := maps.Clone(whole)
	texts := []string{"arn:aws:iam::111122223333:role/hole", "arn:aws:iam::111122223333:root", "arn:aws:iam::444455556666:role/hole"}
	switch {
	case slices.Contains(path, any("Service")):
		texts = []string{"logs.amazonaws.com", "sns.amazonaws.com", "sso.amazonaws.com"}
	case isPrincipal(path): // it is never everyone
	case path[len(path)-1] == "Effect": // which a role is not
		texts = []string{"Allow", "Deny"}
	case slices.Contains(path, any("Condition")):
		texts = append(texts, "*", "true", "7", "s3.eu-central-1.amazonaws.com")
	default:
		texts = append(texts, "*")
	}
	ok := true
	for e := range hole {
		if rule, _, _ := strings.Cut(e, " "); !whole[e] && !whole[rule] && !reportedOtherwise(e, path, whole) {
			t.Errorf("%s %s (%s): with a hole there is %s", name, path.Pointer(), at.Text, e)
			ok = false
		}
	}
	for _, text := range texts {
		if len(shared) == 0 {
			break
		}
		other := errorsOf(t, set, replaced(p, path, func(n *source.Node) { n.Text, n.Type, n.Style = text, source.String, source.DoubleQuoted }))
		kept := map[string]bool{}
		for e := range shared {
			if other[e] {
				kept[e] = true
			}
		}
		shared = kept
	}
	for e := range shared {
		_, place, _ := strings.Cut(e, " ")
		if !hole[e] && place != at.Place.Path {
			t.Errorf("%s %s (%s): with a hole there is no %s", name, path.Pointer(), at.Text, e)
			ok = false
		}
	}
	return ok
}

// reportedOtherwise reports whether an error that a service administers the key is made of the same statement by the rule that reports it
// where the service does so for any account: which of them is made depends on the service at the hole, and that one is made does not.
// And an error about several of a list, which the first of them gets, is made of another one where the hole spares the first.
func reportedOtherwise(e string, path diag.Path, whole map[string]bool) bool {
	rule, place, _ := strings.Cut(e, " ")
	if list, _, ok := cutLast(e); ok && rule == "service-principal-unrestricted" {
		for have := range whole {
			if other, _, _ := cutLast(have); other == list {
				return true
			}
		}
	}
	if rule != "service-gets-admin" || !isPrincipal(path) {
		return false
	}
	statement := strings.Join(strings.SplitN(place, "/", 4)[:3], "/") + "/"
	for have := range whole {
		if other, at, _ := strings.Cut(have, " "); other == "service-principal-unrestricted" && (at == "" || strings.HasPrefix(at, statement)) {
			return true
		}
	}
	return false
}

// cutLast cuts a path before its last step.
func cutLast(path string) (before, last string, ok bool) {
	at := strings.LastIndex(path, "/")
	if at < 0 {
		return path, "", false
	}
	return path[:at], path[at+1:], true
}

// replaced is a policy with another value in one place.
func replaced(p *spec.Compiled, path diag.Path, change func(*source.Node)) *spec.Compiled {
	root := p.Document.Root.Clone()
	_, at := root.Resolve(path)
	change(at)
	c := *p
	c.Document = policy.Read(root)
	return &c
}

// errorsOf are the errors that rules find in a policy, each as its rule and its place.
func errorsOf(t *testing.T, set *rules.Set, p *spec.Compiled) map[string]bool {
	t.Helper()
	found, err := set.Evaluate(context.Background(), rules.Target{Policies: []*spec.Compiled{p}})
	if err != nil {
		t.Fatalf("%s: %v", p.Name, err)
	}
	out := map[string]bool{}
	for _, d := range found {
		if strings.Contains(d.Message, "not-known-") {
			t.Errorf("%s: a message shows a filling: %s", p.Name, d.Message)
		}
		if d.Severity == diag.Error && d.Rule == "no-policy-editor" { // it points at what is in the way, which the hole may be
			out[d.Rule] = true
		} else if d.Severity == diag.Error {
			out[fmt.Sprintf("%s %s", d.Rule, d.Place.Path)] = true
		}
	}
	return out
}

func isPrincipal(path diag.Path) bool {
	return slices.Contains(path, any("Principal")) || slices.Contains(path, any("NotPrincipal"))
}

func scalarsOf(n *source.Node, path diag.Path) []diag.Path {
	switch {
	case n == nil:
		return nil
	case n.Kind == source.Scalar:
		return []diag.Path{path}
	}
	var all []diag.Path
	for i, item := range n.Items {
		all = append(all, scalarsOf(item, append(slices.Clone(path), i))...)
	}
	for _, m := range n.Members {
		all = append(all, scalarsOf(m.Value, append(slices.Clone(path), m.Key.Text))...)
	}
	return all
}

// onePolicy is a policy document of the account 111122223333; nil where the text is none.
func onePolicy(name, text string) *spec.Compiled {
	unit, found := compiler.Compile(compiler.Input{Name: name, Text: []byte(text)}, compiler.Options{Flags: compiler.Defaults{Account: "111122223333"}})
	if found.HasErrors() || len(unit.Documents) != 1 || len(unit.Documents[0].Policies) != 1 || unit.Documents[0].Kind != compiler.KindDocument {
		return nil
	}
	return unit.Documents[0].Policies[0]
}

// corpusDocuments are the policies of the folder that KEYPOLICY_CORPUS names, by their names; none without it.
func corpusDocuments(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	folder := os.Getenv("KEYPOLICY_CORPUS")
	if folder == "" {
		return texts
	}
	for _, name := range globFiles(t, filepath.Join(folder, "policies", "*.json")) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(name)] = string(text)
	}
	return texts
}

// exampleDocuments are the policy documents in the examples of rules.
func exampleDocuments(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, name := range globFiles(t, "*/*.txtar") {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if strings.HasSuffix(f.Name, ".json") && !strings.Contains(string(f.Data), "${") {
				texts[filepath.Base(name)+"/"+f.Name] = string(f.Data)
			}
		}
	}
	return texts
}

func globFiles(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(names), err)
	}
	return names
}

func sortedNames(texts map[string]string) []string {
	var names []string
	for name := range texts {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
