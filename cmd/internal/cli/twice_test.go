package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestNothingIsReportedTwice holds the stages and the rules apart: what is wrong with a policy's grammar is an error, and
// the schema does not speak at a place where a rule does.
func TestNothingIsReportedTwice(t *testing.T) {
	const root = `{Sid: r, Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:root"}, Action: "kms:*", Resource: "*"}`
	texts := []string{
		`{Version: "2012-10-17", Statement: 5}`,
		`{Version: "2012-10-17", Statement: x}`,
		`{Version: "2012-10-17", Statement: ~}`,
		`{Version: "2012-10-17", Statement: []}`,
		`{Version: "2012-10-17", Statement: [` + root + `, 5]}`,
		`{Version: "2012-10-17", Statement: [` + root + `, ~]}`,
		`{Version: "2012-10-17", Statement: [` + root + `, [` + root + `]]}`,
		`{Version: "2012-10-17", Statement: [{Sid: 5, Effect: [Allow], Principal: 5, Action: {a: b}, Resource: true, Condition: x}]}`,
		`{Version: "2012-10-17", Statement: [{Sid: ~, Effect: ~, Principal: ~, Action: ~, Resource: ~, Condition: ~}]}`,
		`{Version: "2012-10-17", Statement: [` + root + `, {Effect: Allow, Principal: {AWS: [[a]]}, Action: [[a]], Resource: "*"}]}`,
		`{Version: 5, Id: [x], Statement: ` + root + `, Statements: []}`,
		`{Version: "2012-10-17", Statement: [` + root + `, {Effect: Allow, Principal: "*", Action: "kms:*", Resource: "*", Condition: {Bool: 5, StringEquals: {a: {b: c}}}}]}`,
	}
	dir := t.TempDir()
	args := []string{"lint", "--account", "111122223333", "--format", "json"}
	written := map[string]string{}
	for i, text := range texts {
		for suffix, whole := range map[string]string{".yaml": text, ".keypolicy.yaml": "policy:\n  " + text + "\n"} {
			file := filepath.Join(dir, strconv.Itoa(i)+suffix)
			if err := os.WriteFile(file, []byte(whole), 0o600); err != nil {
				t.Fatal(err)
			}
			args, written[file] = append(args, file), whole
		}
	}
	var out, stderr bytes.Buffer
	Main(t.Context(), args, Stdio{In: strings.NewReader(""), Out: &out, Err: &stderr})
	var result struct {
		Findings []struct {
			Rule, Severity, Message, File string
			Line, Column                  int
		}
	}
	if err := json.Unmarshal(out.Bytes(), &result); err != nil {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	type place struct {
		file         string
		line, column int
	}
	schema, reported := map[place]string{}, map[string]bool{}
	for _, f := range result.Findings {
		reported[f.File] = reported[f.File] || f.Severity == "error"
		if f.Rule == "schema" {
			schema[place{f.File, f.Line, f.Column}] = f.Message
		}
	}
	for file, text := range written {
		if !reported[file] {
			t.Errorf("no error is reported of %s", text)
		}
	}
	for _, f := range result.Findings {
		if said, ok := schema[place{f.File, f.Line, f.Column}]; ok && f.Rule != "schema" {
			t.Errorf("%s: %d:%d is reported twice: %s; %s: %s", written[f.File], f.Line, f.Column, said, f.Rule, f.Message)
		}
	}
}
