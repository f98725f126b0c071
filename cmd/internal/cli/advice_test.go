package cli

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/rules"
)

// TestAdviceIsTried makes each edit that a rule proposes for its examples: the finding is gone, no other error or warning has
// come, the statement can match, and who gets in by it is whom the statement names.
func TestAdviceIsTried(t *testing.T) {
	tried := map[string]int{}
	var helps []string
	eachExample(t, func(m rules.Metadata, e *keypolicy.Example, judged *rules.Set, before diag.List) {
		for _, d := range before {
			if d.Rule != m.Name {
				continue
			}
			helps = append(helps, d.Help)
			checkWords(t, e, d)
			for _, edits := range proposals(e, d) {
				tried[m.Name]++
				d.Edits = edits
				tryAdvice(t, e, judged, d, before, slices.Contains(m.Subjects, rules.Files))
			}
		}
	})
	for _, a := range advices {
		if !slices.ContainsFunc(helps, a.form.MatchString) {
			t.Errorf("no rule's example has a help of the form %s", a.form)
		}
	}
	t.Logf("advice of %d rules: %v", len(tried), tried)
	if len(tried) < 50 {
		t.Errorf("only %d rules propose something: %v", len(tried), slices.Sorted(maps.Keys(tried)))
	}
}

// eachExample visits the example of each rule, with the rules that it is checked by and their findings.
func eachExample(t *testing.T, visit func(m rules.Metadata, e *keypolicy.Example, by *rules.Set, found diag.List)) {
	t.Helper()
	set, err := rules.Load(t.Context(), rules.Options{Today: keypolicy.ExampleDay})
	if err != nil {
		t.Fatal(err)
	}
	loaded := &sets{}
	for _, name := range set.Names() {
		m, _, err := set.Metadata(name)
		if err != nil {
			t.Fatal(err)
		}
		e, err := keypolicy.ReadExample(set.ExampleText(name))
		if err != nil {
			t.Fatal(err)
		}
		by := loaded.load(t, e, m)
		found, err := e.Check(t.Context(), by, keypolicy.ExampleDay)
		if err != nil {
			t.Fatal(err)
		}
		visit(m, e, by, found)
	}
}

// TestAdviceIsTriedOnCorpus makes each edit that the rules propose for a folder of real policies.
func TestAdviceIsTriedOnCorpus(t *testing.T) {
	corpus := os.Getenv("KEYPOLICY_CORPUS")
	if corpus == "" {
		t.Skip("KEYPOLICY_CORPUS names no folder")
	}
	names, err := filepath.Glob(filepath.Join(corpus, "policies", "*.json"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%d policies: %v", len(names), err)
	}
	set, err := rules.Load(t.Context(), rules.Options{Today: keypolicy.ExampleDay})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		e, err := keypolicy.ReadExample(txtar.Format(&txtar.Archive{Files: []txtar.File{{Name: filepath.Base(name), Data: text}}}))
		if err != nil {
			t.Fatal(err)
		}
		found, err := e.Check(t.Context(), set, keypolicy.ExampleDay)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range found {
			checkWords(t, e, d)
			for _, edits := range proposals(e, d) {
				d.Edits = edits
				tryAdvice(t, e, set, d, found, false)
			}
		}
	}
}

// checkWords holds that a help proposes no text that cannot be tried.
func checkWords(t *testing.T, e *keypolicy.Example, d diag.Diagnostic) {
	t.Helper()
	if proposes.MatchString(d.Help) && isEditable(e, d) && !isMention(d.Help) && len(proposals(e, d)) == 0 {
		t.Errorf("%s: the help proposes text, and no form of advice says how to try it: %s", keypolicy.FindingLine(d), d.Help)
	}
	for _, word := range blank.FindAllString(d.Help, -1) {
		if !strings.Contains(d.Help, " for "+word) && !strings.Contains(d.Help, word+" with ") {
			t.Errorf("%s: the help does not say what %s represents: %s", keypolicy.FindingLine(d), word, d.Help)
		}
	}
}

// tryAdvice makes a finding's edits and holds them to what TestAdviceIsTried says. The other files are judged again if the rule judges files
// together.
func tryAdvice(t *testing.T, e *keypolicy.Example, set *rules.Set, d diag.Diagnostic, before diag.List, together bool) {
	t.Helper()
	where := strings.TrimSpace(keypolicy.FindingLine(d))
	edited := *e
	edited.Files = nil
	var old, changed []byte
	for _, f := range e.Files {
		switch {
		case f.Name == d.Place.File:
			old, changed = f.Data, edit(f.Data, d.Edits)
			edited.Files = append(edited.Files, txtar.File{Name: f.Name, Data: changed})
		case together || bytes.HasPrefix(f.Data, []byte("template:")):
			edited.Files = append(edited.Files, f)
		}
	}
	after, err := edited.Check(t.Context(), set, keypolicy.ExampleDay)
	if err != nil {
		t.Fatalf("%s: %s: %v", where, d.Help, err)
	}
	was, is := countKinds(before), countKinds(after)
	own := findingKind{d.Rule, d.Reason, d.Place.File, d.Message}
	if is[own] >= was[own] {
		t.Errorf("%s: the finding is still there after %q:\n%s", where, d.Help, changed)
	}
	if revives(d, old, changed) {
		after = slices.DeleteFunc(after, func(o diag.Diagnostic) bool { return o.Severity == diag.Warning && o.Statement == d.Statement })
	}
	was, is = countKinds(unworded(before)), countKinds(unworded(after))
	for k, n := range is {
		if n > was[k] {
			t.Errorf("%s: after %q there is one more %s/%s:\n%s\n%s", where, d.Help, k.rule, k.reason, keypolicy.FindingLines(after, k.rule), changed)
		}
	}
	checkEffect(t, d, old, changed, slices.ContainsFunc(before, func(o diag.Diagnostic) bool {
		return o.Severity == diag.Error && o.Statement == d.Statement && o.Rule != d.Rule
	}))
}

// revives reports whether the finding's statement allowed nothing and does after the edit: what else there is to warn of in it, its
// writer reads from then on, as if it had been right from the start.
func revives(d diag.Diagnostic, old, changed []byte) bool {
	return statusOf(d, old) == access.NeverMatches && statusOf(d, changed) != access.NeverMatches
}

func statusOf(d diag.Diagnostic, text []byte) access.Status {
	c := compiled(d.Place, text)
	if c == nil {
		return ""
	}
	for i, st := range access.Analyze(c.Document, access.EnvOf(c.Key.Key)).Statements {
		if c.Document.Statements[i].Label() == d.Statement {
			return st.Status
		}
	}
	return ""
}

// findingKind is what counts as the same finding: its words, where it is asked about by itself.
type findingKind struct{ rule, reason, file, message string }

func countKinds(list diag.List) map[findingKind]int {
	n := map[findingKind]int{}
	for _, d := range list {
		n[findingKind{d.Rule, d.Reason, d.Place.File, d.Message}]++
	}
	return n
}

// unworded are errors and warnings without their words, which name what was changed.
func unworded(list diag.List) diag.List {
	var out diag.List
	for _, d := range list {
		if d.Severity >= diag.Warning {
			d.Message = ""
			out = append(out, d)
		}
	}
	return out
}

// checkEffect holds what an edit changes in who can do what. A statement with another error may go on to match nothing.
func checkEffect(t *testing.T, d diag.Diagnostic, old, changed []byte, otherError bool) {
	t.Helper()
	a, b := compiled(d.Place, old), compiled(d.Place, changed)
	if b == nil {
		return // it is a fault of form among others, which keep the file from being compiled
	}
	report := access.Analyze(b.Document, access.EnvOf(b.Key.Key))
	was, named := map[string]access.Status{}, map[string][]policy.Principal{}
	if a != nil {
		for i, st := range access.Analyze(a.Document, access.EnvOf(a.Key.Key)).Statements {
			old := a.Document.Statements[i]
			was[old.Label()], named[old.Label()] = st.Status, old.Principals
		}
	}
	var edited *policy.Statement
	for i := range b.Document.Statements {
		if st := &b.Document.Statements[i]; st.Label() == d.Statement {
			edited = st
			if report.Statements[i].Status == access.NeverMatches && !adds.MatchString(d.Help) && d.Severity > diag.Info && (was[st.Label()] != access.NeverMatches || !otherError && !strings.HasPrefix(d.Help, "remove")) {
				t.Errorf("%s: the statement matches nothing after %q: %s\n%s", keypolicy.FindingLine(d), d.Help, report.Statements[i].Why, changed)
			}
		}
	}
	if a == nil || a.Key.Account != b.Key.Account {
		return
	}
	earlier := access.Analyze(a.Document, access.EnvOf(a.Key.Key))
	if earlier.Public == access.No && report.Public != access.No {
		t.Errorf("%s: everybody gets in after %q:\n%s", keypolicy.FindingLine(d), d.Help, changed)
	}
	if earlier.Lockout.Editors == access.EditorsAlways && report.Lockout.Editors != access.EditorsAlways {
		t.Errorf("%s: who can change the policy is %s after %q:\n%s", keypolicy.FindingLine(d), report.Lockout.Editors, d.Help, changed)
	}
	if edited == nil || edited.Effect.Value != "Allow" {
		return
	}
	for _, c := range access.Diff(a.Document, b.Document, access.EnvOf(a.Key.Key), access.EnvOf(b.Key.Key)).Added {
		parts := strings.Split(c.Principal, ":")
		if adds.MatchString(d.Help) && len(parts) > 5 && strings.Contains(d.Edits[0].Text, "::"+parts[4]+":root") {
			continue // the account, which the added statement names
		}
		if !slices.ContainsFunc(slices.Concat(edited.Principals, named[edited.Label()]), func(p policy.Principal) bool { return isMeant(p, c.Principal) }) {
			t.Errorf("%s: %s gets in after %q, whom the statement does not name:\n%s", keypolicy.FindingLine(d), c.Principal, d.Help, changed)
		}
	}
}

// isMeant reports whether a statement that names a principal names whom a report speaks of: itself, a federated user of a user's name, or
// anybody of an account.
func isMeant(p policy.Principal, reported string) bool {
	parts := strings.Split(reported, ":")
	switch {
	case p.Text == reported || p.Kind == policy.Anyone:
		return true
	case len(parts) < 6 || parts[4] != p.Account:
		return false
	}
	return p.Kind == policy.Account || p.Kind == policy.User && strings.HasSuffix(parts[5], "/"+p.Name)
}

// compiled is the first policy of a file's document; nil where there is none.
func compiled(place diag.Place, text []byte) *spec.Compiled {
	unit, _ := compiler.Compile(compiler.Input{Name: place.File, Text: text, Spec: true},
		compiler.Options{Configuration: compiler.Defaults{Account: "111122223333"}})
	for _, d := range unit.Documents {
		if d.Index == place.Document && len(d.Policies) > 0 {
			return d.Policies[0]
		}
	}
	return nil
}
