package main_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// idioms are ways of speaking that readers stumble over, with what to write instead.
var idioms = []struct{ pattern, instead string }{
	{`\b(?:is|are) no\b(?: [a-z]+)?`, "is not a valid …, is not a …"},
	{`\b(?:told|tells?|telling)\b`, "reported, reports, says"},
	{`\b(?:stands?|stood|standing)\b`, "is, is written"},
	{`\balone\b`, "only"},
	{`\b(?:mends?|mended)\b`, "fix"},
	{`\bput over\b`, "overwrite"},
	{`\banew\b`, "again"},
	{`\bnobody can\b`, "no principal can"},
}

// swept are the texts that are free of idioms: add a line for what has been swept.
var swept = []struct {
	name  string
	files string         // a glob from the root
	text  *regexp.Regexp // its first group is held; nil is the whole file
}{
	{"titles of rules", "rules/*/*.rego", regexp.MustCompile(`(?m)^# title: (.*)$`)},
	{"descriptions of rules", "rules/*/*.rego", regexp.MustCompile(`(?m)^# description: >-\n((?:#   .*\n)+)`)},
	{"the pages that are written by hand", "docs/[a-qs-z]*.md", nil},
	{"the reference of fields", "docs/reference.md", nil},
	{"the descriptions of fields", "schemas/*.json", regexp.MustCompile(`"(?:title|description)": "(.*?)"`)},
	{"README", "README.md", nil},
	{"CONTRIBUTING", "CONTRIBUTING.md", nil},
	{"the security policy", "SECURITY.md", nil},
	{"templates", "templates/*.yaml", nil},
	{"the input of rules", "rules/input/*.json", nil},
	{"the root package", "*.go", nil},
	{"commands and what they need", "cmd/internal/*/*.go", nil},
	{"the compiler", "compiler/*.go", nil},
	{"the compiler's packages", "compiler/*/*.go", nil},
	{"the carriers", "compiler/carrier/*/*.go", nil},
	{"the sets", "compiler/access/internal/boxes/*.go", nil},
	{"the judge", "compiler/access/judge/*.go", nil},
	{"the rules' Go", "rules/*.go", nil},
	{"the rules", "rules/*/*.rego", nil},
	{"the issue forms", ".github/ISSUE_TEMPLATE/*.yml", nil},
	{"the examples of rules", "rules/*/*.txtar", nil},
	{"the comments of scripts", "testdata/script/*.txtar", regexp.MustCompile(`(?m)^# (.*)$`)},
	{"the examples of templates", "testdata/templates/*.txtar", nil},
	{"the specs that are compiled", "testdata/compile/*.txtar", nil},
	{"the names of mutants", "testdata/mutants/mutants.txt", nil},
}

func TestTextsHaveNoOldIdioms(t *testing.T) {
	for _, s := range swept {
		files, err := filepath.Glob(filepath.Join(root(t), filepath.FromSlash(s.files)))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", s.name, len(files), err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			texts := []string{blockPattern.ReplaceAllString(string(text), "")} // [TestPages] compares blocks with what is printed
			if s.text != nil {
				texts = nil
				for _, found := range s.text.FindAllStringSubmatch(string(text), -1) {
					texts = append(texts, found[1])
				}
			}
			for _, fault := range idiomsIn(texts) {
				t.Errorf("%s: %s", filepath.Base(file), fault)
			}
		}
	}
}

func TestHelpHasNoOldIdioms(t *testing.T) {
	bin := build(t)
	help := func(arguments string) string {
		output, err := shell(bin, t.TempDir(), "keypolicy "+arguments+" --help").CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", arguments, err, output)
		}
		return string(output)
	}
	_, list, _ := strings.Cut(help(""), "Available Commands:\n")
	list, _, _ = strings.Cut(list, "\n\n")
	texts := map[string]string{}
	for line := range strings.Lines(list) {
		command := strings.Fields(line)[0]
		texts[command] = line
		if !slices.Contains([]string{"help", "completion"}, command) {
			texts[command] += help(command)
		}
	}
	if len(texts) < 10 {
		t.Fatalf("there are %d commands", len(texts))
	}
	for command, text := range texts {
		for _, fault := range idiomsIn([]string{text}) {
			t.Errorf("keypolicy %s: %s", command, fault)
		}
	}
}

// idiomsIn lists the idioms of texts, with what to write instead.
func idiomsIn(texts []string) []string {
	var faults []string
	for _, text := range texts {
		for line := range strings.Lines(strings.NewReplacer("here is no ", "", "here are no ", "", " is no longer ", " ", "is no worse", "", "There is no\n", "\n", "there is no\n", "\n", "Standing", "").Replace(text)) {
			for _, idiom := range idioms {
				if found := regexp.MustCompile(`(?i)` + idiom.pattern).FindString(line); found != "" {
					faults = append(faults, strings.TrimSpace(line)+": \""+found+"\": write \""+idiom.instead+"\"")
				}
			}
		}
	}
	return faults
}

func TestIdiomsAreFound(t *testing.T) {
	for _, text := range []string{
		"`x` is no ARN", "it is told once", "no Sid stands twice", "by KMS alone", "mend the template", "it is put over the old one", "written anew",
	} {
		if len(idiomsIn([]string{text})) == 0 {
			t.Errorf("nothing is found in %q", text)
		}
	}
	if faults := idiomsIn([]string{"Standalone statement", "a statement that understands", "There is no such rule"}); len(faults) > 0 {
		t.Errorf("found: %q", faults)
	}
}
