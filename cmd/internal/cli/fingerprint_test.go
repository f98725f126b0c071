package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/keypolicy/keypolicy/cmd/internal/cli"
)

// sarifAlert is a result as code scanning distinguishes it from others.
type sarifAlert struct{ rule, file, print string }

// alerts are the results of linting a folder, without those of some rules; equal ones are counted.
func alerts(t *testing.T, folder string, without ...string) map[sarifAlert]int {
	t.Helper()
	t.Chdir(folder)
	var out, errs bytes.Buffer
	args := []string{"lint", "--format", "sarif", "--min-severity", "info", "--account", "111122223333", "--region", "eu-central-1"}
	names, err := filepath.Glob("*.json")
	if err != nil {
		t.Fatal(err)
	}
	if code := cli.Main(t.Context(), append(args, names...), cli.Stdio{Out: &out, Err: &errs}); code == 2 {
		t.Fatal(errs.String())
	}
	var log struct {
		Runs []struct {
			Results []struct {
				RuleID    string
				Locations []struct {
					PhysicalLocation struct{ ArtifactLocation struct{ URI string } }
				}
				PartialFingerprints map[string]string
			}
		}
	}
	if err := json.Unmarshal(out.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	all := map[sarifAlert]int{}
	for _, r := range log.Runs[0].Results {
		if !slices.Contains(without, r.RuleID) {
			all[sarifAlert{r.RuleID, r.Locations[0].PhysicalLocation.ArtifactLocation.URI, r.PartialFingerprints["keypolicy/v1"]}]++
		}
	}
	return all
}

// editedPolicy is a policy with other lines, its statements in reverse, and other Sids where it has some; ok is false where it is not a
// object with a list of statements.
func editedPolicy(text []byte) (out []byte, ok bool) {
	var doc map[string]any
	if json.Unmarshal(text, &doc) != nil {
		return nil, false
	}
	list, ok := doc["Statement"].([]any)
	if !ok {
		return nil, false
	}
	slices.Reverse(list)
	for i, st := range list {
		fields, ok := st.(map[string]any)
		if !ok {
			return nil, false
		}
		if sid, has := fields["Sid"].(string); has {
			fields["Sid"] = fmt.Sprintf("%s%d", sid, i)
		}
	}
	doc["Statement"] = list
	out, err := json.MarshalIndent(doc, "", "\t\t")
	return out, err == nil
}

// TestFingerprintsSurviveEdits: an alert stays the same one when lines move, statements are reordered and Sids are renamed; no
// two alerts of a run are the same.
func TestFingerprintsSurviveEdits(t *testing.T) {
	before, after := t.TempDir(), t.TempDir()
	names, err := filepath.Glob("../../../rules/*/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal(err, names)
	}
	written := 0
	for n, name := range names {
		if n%4 != 0 { // some of them are enough, as each is read several times
			continue
		}
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range archive.Files {
			edited, ok := editedPolicy(f.Data)
			if !ok || !strings.HasSuffix(f.Name, ".json") || strings.Contains(f.Name, "/") {
				continue
			}
			file := fmt.Sprintf("%s-%02d.json", strings.TrimSuffix(filepath.Base(name), ".txtar"), i)
			for folder, text := range map[string][]byte{before: f.Data, after: edited} {
				if err := os.WriteFile(filepath.Join(folder, file), text, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			written++
		}
	}
	if written < 40 {
		t.Fatalf("%d policies are too few", written)
	}
	// These are about Sids.
	ordered := []string{"template-placeholder-left", "missing-sid", "sid-format"}
	first, again := alerts(t, before, ordered...), alerts(t, after, ordered...)
	for alert, n := range first {
		if n != 1 {
			t.Errorf("%v is %d alerts", alert, n)
		}
	}
	if len(first) < 50 {
		t.Errorf("%d alerts are too few", len(first))
	}
	compare := func(what string, a, b map[sarifAlert]int) {
		for alert := range maps.Keys(a) {
			if b[alert] == 0 {
				t.Errorf("%s: %s %s", what, alert.file, alert.rule)
			}
		}
	}
	compare("gone after edits", first, again)
	compare("new after edits", again, first)
}

// TestFingerprintsDistinguishEqualFaults: one more equal fault is one more alert, and the one that was there stays; in another file it
// is another.
func TestFingerprintsDistinguishEqualFaults(t *testing.T) {
	const head = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}`
	public := func(action string) string {
		return fmt.Sprintf(",\n  {\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": %q, \"Resource\": \"*\"}", action)
	}
	run := func(files map[string]string) (prints []sarifAlert) {
		folder := t.TempDir()
		for name, text := range files {
			write(t, filepath.Join(folder, name), head+text+"]}")
		}
		for alert, n := range alerts(t, folder) {
			if alert.rule == "wildcard-principal" {
				prints = append(prints, slices.Repeat([]sarifAlert{alert}, n)...)
			}
		}
		return prints
	}
	one := run(map[string]string{"a.json": public("kms:Decrypt")})
	two := run(map[string]string{"a.json": public("kms:Encrypt") + public("kms:Decrypt")})
	if len(one) != 1 || len(two) != 2 || two[0] == two[1] || !slices.Contains(two, one[0]) {
		t.Errorf("one fault is %v, and two are %v", one, two)
	}
	both := run(map[string]string{"a.json": public("kms:Decrypt"), "b.json": public("kms:Decrypt")})
	if len(both) != 2 || both[0].print == both[1].print || !slices.Contains(both, one[0]) {
		t.Errorf("in two files it is %v", both)
	}
}
