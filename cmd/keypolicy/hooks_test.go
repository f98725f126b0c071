package main_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// pre-commit calls a hook's entry with the names of the staged files that its
// pattern finds, many in one process.
func TestHooks(t *testing.T) {
	bin := build(t)
	text, err := os.ReadFile(filepath.Join(root(t), ".pre-commit-hooks.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	hooks := map[string]map[string]string{}
	for _, block := range strings.Split(string(text), "\n- ")[1:] {
		fields := map[string]string{}
		for _, line := range regexp.MustCompile(`(?m)^ *([a-z_]+): (.*)$`).FindAllStringSubmatch(block, -1) {
			fields[line[1]] = strings.Trim(line[2], "'")
		}
		hooks[fields["id"]] = fields
	}
	// A hook that looks at the whole repository has to run where a commit only deletes.
	for id, h := range hooks {
		if whole := h["pass_filenames"] == "false"; whole != (h["always_run"] == "true") {
			t.Errorf("%s: pass_filenames and always_run do not fit", id)
		}
	}
	lint, compile := hooks["keypolicy"]["entry"], hooks["keypolicy-compile"]["entry"]
	for _, other := range []string{"keypolicy-system", "keypolicy-lint"} {
		if hooks[other]["entry"] != lint || hooks[other]["files"] != hooks["keypolicy"]["files"] {
			t.Errorf("%s is not the same as keypolicy", other)
		}
	}
	pattern := regexp.MustCompile(hooks["keypolicy"]["files"])

	folder := t.TempDir()
	put := func(name, body string) {
		t.Helper()
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// run runs a command line and returns its exit code and all that it prints.
	run := func(command string) (int, string) {
		t.Helper()
		run := shell(bin, folder, command)
		output, _ := run.CombinedOutput()
		return run.ProcessState.ExitCode(), string(output)
	}

	put(".keypolicy.yaml", "account: \"111122223333\"\noutput: compiled\n")
	names := []string{"keys/a.keypolicy.yaml", "keys/with space.keypolicy.yml", "keys/it's.keypolicy.json"}
	for _, name := range names {
		put(name, `{"key_admins_roles": ["KeyAdmin"], "key_users_roles": ["app"]}`)
		if !pattern.MatchString(name) {
			t.Errorf("the hook leaves out %s", name)
		}
	}
	if pattern.MatchString(".github/workflows/ci.yaml") || pattern.MatchString("keypolicy.yaml") {
		t.Error("the hook takes files that are none of keypolicy's")
	}

	// The pattern finds the configuration too, which is then checked like a spec.
	arguments := ` .keypolicy.yaml "keys/a.keypolicy.yaml" "keys/with space.keypolicy.yml" "keys/it's.keypolicy.json"`
	if code, output := run(lint + arguments); code != 0 {
		t.Errorf("lint ends with %d:\n%s", code, output)
	}
	if code, output := run(lint + arguments + " keys/deleted.keypolicy.yaml"); code != 2 || !strings.Contains(output, "deleted.keypolicy.yaml") {
		t.Errorf("lint of a file that is gone ends with %d:\n%s", code, output)
	}
	put("keys/bad one.keypolicy.yaml", "key_users: [\"*\"]\n")
	if code, output := run(lint + arguments + ` "keys/bad one.keypolicy.yaml"`); code != 1 || !strings.Contains(output, "keys/bad one.keypolicy.yaml:1:13") {
		t.Errorf("lint of a wildcard ends with %d:\n%s", code, output)
	}
	if err := os.Remove(filepath.Join(folder, "keys", "bad one.keypolicy.yaml")); err != nil {
		t.Fatal(err)
	}

	// The hook of compile gets no names; the specs are named *.keypolicy.* or by the configuration.
	put("keys/it's.keypolicy.json", `{"name": "its", "key_admins_roles": ["KeyAdmin"], "key_users_roles": ["app"]}`)
	put("keys/with space.keypolicy.yml", `{"name": "with-space", "key_admins_roles": ["KeyAdmin"], "key_users_roles": ["app"]}`)
	if code, output := run(compile); code != 1 || !strings.Contains(output, "a.json") {
		t.Errorf("compile --check before there is any output ends with %d:\n%s", code, output)
	}
	if code, output := run("keypolicy compile -o compiled"); code != 0 {
		t.Fatalf("compile ends with %d:\n%s", code, output)
	}
	if code, output := run(compile); code != 0 {
		t.Errorf("compile --check of fresh output ends with %d:\n%s", code, output)
	}
	put("compiled/a.json", "{}\n")
	if code, output := run(compile); code != 1 || !strings.Contains(output, "a.json") {
		t.Errorf("compile --check of stale output ends with %d:\n%s", code, output)
	}
	put("compiled/orphan.json", `{"Version": "2012-10-17", "Statement": []}`)
	if _, output := run(compile); !strings.Contains(output, "orphan.json") {
		t.Errorf("compile --check does not report what no spec writes:\n%s", output)
	}
}
