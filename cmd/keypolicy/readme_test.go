package main_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what the commands of the pages really print into the pages")

// TestPages runs every example of README.md and docs/*.md. A page has one empty folder. In it
//   - a block of yaml, rego or txtar whose first line is a comment with a path is that file; below docs/examples it is the
//     project's own file, which the block shows unchanged;
//   - a block of console is run by sh, and what follows each `$ ` line is what it prints. `go run ./cmd/keypolicy` runs in the
//     project's own folder;
//   - a block of sh is for the project's own folder, see [runHere].
func TestPages(t *testing.T) {
	bin := build(t)
	pages, err := filepath.Glob(filepath.Join(root(t), "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(pages, filepath.Join(root(t), "README.md")) {
		if filepath.Base(path) == "rules.md" {
			continue // see [TestReference]
		}
		t.Run(filepath.Base(path), func(t *testing.T) { runPage(t, bin, path) })
	}
}

func runPage(t *testing.T, bin, path string) {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	page := blockPattern.ReplaceAllStringFunc(string(text), func(block string) string {
		parts := blockPattern.FindStringSubmatch(block)
		language, body := parts[1], parts[2]
		switch language {
		case "yaml", "rego", "txtar":
			if example, is := strings.CutPrefix(body, "# docs/examples/"); is {
				compareExample(t, example)
				return block
			}
			writeFile(t, folder, body)
			runSteps(t, bin, folder, body)
		case "console":
			got := runConsole(t, bin, folder, body)
			if got != body && !*update {
				t.Errorf("the page says\n%s\nand it is\n%s", body, got)
			}
			return "```console\n" + got + "```\n"
		case "sh":
			runHere(t, bin, body)
		case "json": // what it says is held where it is about
			if !json.Valid([]byte(body)) {
				t.Errorf("this is not JSON:\n%s", body)
			}
		case "text":
		default:
			t.Errorf("a block of %q is held by no test:\n%s", language, body)
		}
		return block
	})
	if *update && page != string(text) {
		if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

var (
	blockPattern = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```\n")
	namePattern  = regexp.MustCompile(`^# (\S+\.(?:yaml|yml|rego|txtar))\n`)
	stepPattern  = regexp.MustCompile(`(?m)^\s*- run: (keypolicy .*)$`)
)

// compareExample compares what a page shows of an example, its name and its text, with the file.
func compareExample(t *testing.T, shown string) {
	t.Helper()
	name, body, _ := strings.Cut(shown, "\n")
	text, err := os.ReadFile(filepath.Join(root(t), "docs", "examples", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != body {
		t.Errorf("the page shows docs/examples/%s as\n%s\nand it is\n%s", name, body, text)
	}
}

func writeFile(t *testing.T, folder, body string) {
	t.Helper()
	name := namePattern.FindStringSubmatch(body)
	if name == nil {
		t.Errorf("a block has no comment with a path in its first line:\n%s", body)
		return
	}
	path := filepath.Join(folder, filepath.FromSlash(name[1]))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
		t.Fatal(err)
	}
}

// runSteps runs the commands of a workflow, which are to succeed.
func runSteps(t *testing.T, bin, folder, body string) {
	t.Helper()
	for _, step := range stepPattern.FindAllStringSubmatch(body, -1) {
		if output, err := shell(bin, folder, step[1]).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", step[1], err, output)
		}
	}
}

// runConsole returns the block with what its commands really print. `$?` is the code of the command before.
func runConsole(t *testing.T, bin, folder, body string) string {
	t.Helper()
	var commands []string
	for line := range strings.Lines(body) {
		if command, is := strings.CutPrefix(line, "$ "); is {
			commands = append(commands, strings.TrimSuffix(command, "\n"))
		}
	}
	if len(commands) == 0 {
		t.Fatalf("a block of console has no command:\n%s", body)
	}
	var script strings.Builder
	for _, command := range commands {
		if arguments, is := strings.CutPrefix(command, goRun); is {
			command = fmt.Sprintf("(cd '%s' && keypolicy %s)", root(t), arguments)
		}
		script.WriteString(command + "\ncode=$?; printf '\\000'; (exit $code)\n")
	}
	// The code of the last command is the script's: what a block says of codes, it prints.
	output, _ := shell(bin, folder, script.String()).CombinedOutput()
	printed := bytes.Split(output, []byte{0})
	if len(printed) != len(commands)+1 {
		t.Fatalf("%d commands ran of %d:\n%s", len(printed)-1, len(commands), output)
	}
	var shown strings.Builder
	for i, command := range commands {
		shown.WriteString("$ " + command + "\n")
		shown.Write(printed[i])
	}
	return shown.String()
}

// What a page names in a sentence, such as `keypolicy schema spec`, is there.
func TestPagesNameWhatIsThere(t *testing.T) {
	bin := build(t)
	inline := regexp.MustCompile("`(keypolicy (?:rules|schema|templates|version)(?: [a-z0-9.-]+)?)`")
	pages, err := filepath.Glob(filepath.Join(root(t), "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, path := range append(pages, filepath.Join(root(t), "README.md")) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, command := range inline.FindAllStringSubmatch(string(text), -1) {
			seen++
			if output, err := shell(bin, t.TempDir(), command[1]).CombinedOutput(); err != nil {
				t.Errorf("%s says %s: %v\n%s", filepath.Base(path), command[1], err, output)
			}
		}
	}
	if seen == 0 {
		t.Error("the pages name no command")
	}
}

// The first command of README.md shows what a finding looks like.
func TestReadmesFirstCommandPrintsAFinding(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root(t), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "```console\n")
	first, _, _ := strings.Cut(after, "```")
	if !strings.HasPrefix(first, "$ "+goRun) || !strings.Contains(first, "\nerror[") {
		t.Errorf("README.md begins with\n%s", first)
	}
}

func TestReadmeNamesTheTwoCommands(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root(t), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"$ go run ./cmd/keypolicy lint docs/examples", "go test ./..."} {
		if !strings.Contains(string(text), "\n"+command+"\n") {
			t.Errorf("README.md does not say %s", command)
		}
	}
}
