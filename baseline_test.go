package keypolicy_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler"
)

// lintFiles lints files with a baseline.
func lintFiles(t *testing.T, files map[string]string, known *keypolicy.Baseline) *keypolicy.Run {
	t.Helper()
	fsys := fstest.MapFS{}
	var inputs []keypolicy.Input
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
		inputs = append(inputs, keypolicy.Input{Name: name})
	}
	slices.SortFunc(inputs, func(a, b keypolicy.Input) int { return strings.Compare(a.Name, b.Name) })
	l, err := keypolicy.New(keypolicy.Options{Files: keypolicy.Files{FS: fsys}, Key: compiler.Defaults{Account: "111122223333", Region: "eu-central-1"}, MinSeverity: keypolicy.Warning, Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	run, err := l.Run(context.Background(), inputs, keypolicy.RunOptions{SpecsOnly: true, Baseline: known})
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// realPolicies are the corpus's, by name; without it the examples'.
func realPolicies(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	add := func(text []byte) { out[fmt.Sprintf("keys/%03d.json", len(out))] = string(text) }
	read := func(pattern string, each func(name string)) {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			each(name)
		}
	}
	if corpus := os.Getenv("KEYPOLICY_CORPUS"); corpus != "" {
		read(filepath.Join(corpus, "policies", "*.json"), func(name string) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			add(text)
		})
		return out
	}
	read("rules/*/*.txtar", func(name string) {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if strings.HasSuffix(f.Name, "bad.json") {
				add(f.Data)
			}
		}
	})
	return out
}

// edited is a policy with other lines, its statements in reverse and other Sids where it has some; more is added to its statements.
func edited(text string, more ...any) (string, []any) {
	var doc map[string]any
	if json.Unmarshal([]byte(text), &doc) != nil {
		return "", nil
	}
	list, ok := doc["Statement"].([]any)
	if !ok {
		return "", nil
	}
	slices.Reverse(list)
	for i, st := range list {
		fields, ok := st.(map[string]any)
		if !ok {
			return "", nil
		}
		if sid, has := fields["Sid"].(string); has {
			fields["Sid"] = fmt.Sprintf("%s%d", sid, i)
		}
	}
	doc["Statement"] = append(list, more...)
	out, err := json.MarshalIndent(doc, "", "    ")
	if err != nil {
		return "", nil
	}
	return string(out), list
}

// A finding is known again after edits that do not touch its fault, and one more equal fault is new.
func TestBaselineKnowsFindingsAgain(t *testing.T) {
	before := realPolicies(t)
	first := lintFiles(t, before, nil)
	known, _ := keypolicy.NewBaseline(first.Findings)
	if len(known.Findings) < 50 {
		t.Fatalf("%d findings are too few to say anything", len(known.Findings))
	}
	var text strings.Builder
	if err := known.Write(&text); err != nil {
		t.Fatal(err)
	}
	read, err := keypolicy.ReadBaseline("known.json", []byte(text.String()))
	if err != nil {
		t.Fatal(err)
	}
	// These two point at the later of two statements that say the same in other words, and at the first of several placeholders:
	// after a reordering at another, whose statement is another.
	oneOfSeveral := []string{"duplicate-statement", "template-placeholder-left"}
	fresh := func(files map[string]string) (list []string) {
		run := lintFiles(t, files, read)
		for _, d := range run.Findings {
			if d.Category != "lockout" && !slices.Contains(oneOfSeveral, d.Rule) {
				list = append(list, fmt.Sprintf("%s:%d %s %s", d.Place.File, d.Place.Range.Start.Line, d.Rule, d.Message))
			}
		}
		return list
	}
	if list := fresh(before); len(list) > 0 {
		t.Errorf("of the same files these are new: %s", strings.Join(list, "\n"))
	}
	after, more := map[string]string{}, map[string]string{}
	second := map[string]any{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}
	for name, policy := range before {
		text, _ := edited(policy)
		if text == "" {
			after[name] = policy
			continue
		}
		after[strings.Replace(name, "keys/", "renamed/", 1)] = text
		more[name], _ = edited(policy, second)
	}
	if list := fresh(after); len(list) > 0 {
		t.Errorf("%d are new: %s", len(list), strings.Join(list, "\n"))
	}
	// What is reported of a file is as many as it has more of.
	public := func(run *keypolicy.Run) map[string]int {
		counts := map[string]int{}
		for _, d := range run.Findings {
			if d.Rule == "wildcard-principal" {
				counts[d.Place.File]++
			}
		}
		return counts
	}
	was, all, reported := public(first), public(lintFiles(t, more, nil)), public(lintFiles(t, more, read))
	added := 0
	for name := range more {
		if reported[name] != all[name]-was[name] {
			t.Errorf("%s: of %d statements for everyone, %d of them old, %d are reported", name, all[name], was[name], reported[name])
		}
		added += reported[name]
	}
	if added < len(more)/2 {
		t.Errorf("%d of %d are new", added, len(more))
	}
}
