package keypolicy_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/keypolicy/keypolicy"
)

// TestOptionalStatements makes one statement after the other of policies optional, by a condition that is not known, and holds what is
// found against what is found with the statement and without it. An error of both is an error, an error of one is undecided where it
// was, or a warning where the other way is one, and there are no others. KEYPOLICY_CORPUS names a folder with more policies, and KEYPOLICY_HOLES=all looks at all of them.
func TestOptionalStatements(t *testing.T) {
	texts, sample := map[string][]byte{}, uint32(11)
	for _, name := range globbed(t, "rules/*/*.txtar") {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if strings.HasSuffix(f.Name, ".json") {
				texts[name+" "+f.Name] = f.Data
			}
		}
	}
	if folder := os.Getenv("KEYPOLICY_CORPUS"); folder != "" {
		texts, sample = map[string][]byte{}, 23
		for _, name := range globbed(t, filepath.Join(folder, "policies", "*.json")) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			texts[filepath.Base(name)] = text
		}
	}
	if os.Getenv("KEYPOLICY_HOLES") == "all" {
		sample = 1
	}
	tried := 0
	system := fstest.MapFS{".git": {Mode: fs.ModeDir}}
	for name, text := range texts {
		var doc struct {
			Version   json.RawMessage
			Statement []json.RawMessage
		}
		if json.Unmarshal(text, &doc) != nil {
			continue
		}
		for i := range doc.Statement {
			h := fnv.New32()
			fmt.Fprint(h, name, i)
			if h.Sum32()%sample != 0 {
				continue
			}
			tried++
			folder := fmt.Sprintf("%s %d", strings.ReplaceAll(name, "/", " "), i)
			for _, open := range []string{"true", "false", "maybe"} {
				system[folder+"/"+open+"/main.tf"] = &fstest.MapFile{Data: []byte(optional(doc.Version, doc.Statement, i))}
				if open != "maybe" {
					system[folder+"/"+open+"/terraform.tfvars"] = &fstest.MapFile{Data: []byte("open = " + open + "\n")}
				}
			}
		}
	}
	all := errorsFound(t, system)
	for folder := range system {
		name, isMaybe := strings.CutSuffix(folder, "/maybe/main.tf")
		if !isMaybe {
			continue
		}
		with, without, maybe := all[name+"/true"], all[name+"/false"], all[name+"/maybe"]
		for e := range with {
			if without[e] && !maybe[e] && !strings.HasPrefix(e, "warning ") {
				t.Errorf("%s: no %s, which is found with it and without it", name, e)
			}
		}
		for _, one := range []map[string]bool{with, without} {
			for e := range one {
				if strings.HasPrefix(e, "warning ") {
					continue
				}
				if place := e[strings.LastIndex(e, " "):]; !maybe[e] && !maybe["warning "+e] && !maybe["undecided"+place] {
					t.Errorf("%s: nothing of %s", name, e)
				}
			}
		}
		for e := range maybe {
			if !strings.HasPrefix(e, "undecided ") && !strings.HasPrefix(e, "warning ") && (!with[e] || !without[e]) && !eachHas(e, with, without) {
				t.Errorf("%s: %s, which is not found whatever the condition", name, e)
			}
		}
	}
	if tried < 20 {
		t.Errorf("only %d statements were tried", tried)
	}
	t.Logf("%d statements", tried)
}

func globbed(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return names
}

// eachHas reports whether a rule's error is found both ways, at different places.
func eachHas(e string, with, without map[string]bool) bool {
	rule := e[:strings.LastIndex(e, " ")+1]
	has := func(m map[string]bool) bool {
		for other := range m {
			if strings.HasPrefix(other, rule) {
				return true
			}
		}
		return false
	}
	return has(with) && has(without)
}

// optional writes a policy as a module in which one statement is there if a variable is true. Each statement has a line.
func optional(version json.RawMessage, statements []json.RawMessage, at int) string {
	var b strings.Builder
	b.WriteString("variable \"open\" {}\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({\n")
	if version != nil {
		fmt.Fprintf(&b, "    Version = %s\n", version)
	}
	b.WriteString("    Statement = concat(\n")
	for i, st := range statements {
		var line bytes.Buffer
		_ = json.Compact(&line, st)
		text := strings.NewReplacer("${", "$${", "%{", "%%{").Replace(line.String())
		if i == at {
			fmt.Fprintf(&b, "      var.open ? [%s] : [],\n", text)
		} else {
			fmt.Fprintf(&b, "      [%s],\n", text)
		}
	}
	b.WriteString("    )\n  })\n}\n")
	return b.String()
}

// errorsFound are the errors of each folder, and what is undecided in it, as RULE LINE:COLUMN. The place of a lockout does not count.
func errorsFound(t *testing.T, system fs.FS) map[string]map[string]bool {
	t.Helper()
	l, err := keypolicy.New(keypolicy.Options{Files: keypolicy.Files{FS: system}, Key: keypolicy.KeyDefaults{Account: "111122223333"}, Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	result, err := l.Lint(context.Background(), ".")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]bool{}
	for _, f := range result.Findings {
		folder := path.Dir(f.File)
		if out[folder] == nil {
			out[folder] = map[string]bool{}
		}
		at := func(line, column int, message string) string {
			if strings.Contains(message, "can change this policy") {
				return " lockout"
			}
			return fmt.Sprintf(" %d:%d", line, column)
		}
		switch {
		case f.Rule == "undecided" && strings.Contains(f.Message, "`var.open`"):
			out[folder]["undecided"+at(f.Line, f.Column, f.Message)] = true
			for _, r := range f.Related {
				out[folder]["undecided"+at(r.Line, r.Column, r.Message)] = true
			}
		case f.Severity == "error":
			out[folder][f.Rule+"/"+f.Reason+at(f.Line, f.Column, f.Message)] = true
		case f.Severity == "warning":
			out[folder]["warning "+f.Rule+"/"+f.Reason+at(f.Line, f.Column, f.Message)] = true
		}
	}
	return out
}
