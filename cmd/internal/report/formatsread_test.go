package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

const odd = "50%: a,b <&\"'> ]]> \x01 ::error:: ##vso[x] [l](http://x) 日本"

func oddFindings() Findings {
	list := diag.List{
		{Rule: "public-access", Severity: diag.Error, Message: odd, Help: "one\ntwo\n", Statement: "Sid", Place: diag.Place{File: "a b/ü:%,k.yaml", Range: at(4, 14, 17), Path: "/Statement/0/Principal"}},
		{Rule: "public-access", Severity: diag.Error, Message: odd, Help: "one\ntwo\n", Statement: "Sid", Place: diag.Place{File: "a b/ü:%,k.yaml", Range: at(9, 14, 17), Path: "/Statement/1/Principal"}},
		{Rule: "syntax", Reason: "r", Severity: diag.Info, Message: "m", Place: diag.Place{File: "z.yaml"}, Related: []diag.Related{{Place: diag.Place{File: "t.yaml", Range: at(3, 5, 6)}, Message: "m"}}},
	}
	return Findings{List: list, Rules: []rules.Metadata{{Name: "public-access", Title: "T", Description: "D", Remedy: "R", Severity: diag.Error}}}
}

func written(t *testing.T, name string, f Findings) string {
	t.Helper()
	var a, b strings.Builder
	if err := Write(&a, name, f); err != nil {
		t.Fatal(err)
	}
	if err := Write(&b, name, f); err != nil || a.String() != b.String() {
		t.Fatalf("%s: the second time it wrote other bytes, %v", name, err)
	}
	return a.String()
}

// Every format for programs reads back, with the same findings in the same order.
func TestFormatsReadBack(t *testing.T) {
	want := []string{"public-access 4", "public-access 9", "syntax/r 0"}
	readers := map[string]func(*testing.T, string) []string{"sarif": readSARIF, "gitlab": readGitLab, "junit": readJUnit, "checkstyle": readCheckstyle, "jsonl": readJSONLines, "rdjsonl": readRDJSONLines, "azure": readAzure}
	for name, read := range readers {
		t.Run(name, func(t *testing.T) {
			expected := slices.Clone(want)
			if name == "gitlab" {
				expected[2] = "syntax/r 1" // its lines count from 1
			}
			if got := read(t, written(t, name, oddFindings())); !slices.Equal(got, expected) {
				t.Errorf("got %q", got)
			}
			if got := read(t, written(t, name, Findings{})); len(got) != 0 {
				t.Errorf("without findings it has %q", got)
			}
		})
	}
}

// reviewdog counts bytes, and is given columns of lines that are known only.
func TestRDJSONLinesCountsBytes(t *testing.T) {
	place := diag.Place{File: "k.yaml", Range: at(2, 4, 6)}
	f := Findings{
		List:  diag.List{{Rule: "r", Severity: diag.Error, Message: "m", Place: place, Edits: []diag.Edit{{Place: place, Text: "x"}, {Place: diag.Place{File: "k.yaml", Range: at(7, 1, 2)}, Text: "unknown line"}}}},
		Lines: keypolicy.Lines{{File: "k.yaml", Number: 2}: "aü🎉bc"},
	}
	var d rdDiagnostic
	decode(t, written(t, "rdjsonl", f), &d)
	want := rdRange{rdPosition{2, 8}, rdPosition{2, 10}} // a, two bytes, four bytes, and then b
	if *d.Location.Range != want {
		t.Errorf("it is at %v, not %v", *d.Location.Range, want)
	}
	if len(d.Suggestions) != 1 || d.Suggestions[0] != (rdSuggestion{want, "x"}) {
		t.Errorf("it suggests %v", d.Suggestions)
	}
}

// A comment has room for some findings; the errors come first, and the rest is counted.
func TestMarkdownFits(t *testing.T) {
	var list diag.List
	for i := range 2000 {
		severity := diag.Warning
		if i%100 == 99 {
			severity = diag.Error
		}
		list = append(list, diag.Diagnostic{Rule: "r", Severity: severity, Message: odd, Place: diag.Place{File: "k.yaml", Range: at(i+1, 1, 2)}})
	}
	text := written(t, "markdown", Findings{List: list})
	if size := utf8.RuneCountInString(text); size > 65000 || strings.Count(text, "\n- ") < 100 {
		t.Errorf("%d characters, %d findings", size, strings.Count(text, "\n- "))
	}
	shown := strings.Count(text, "\n- ")
	if errors, warnings, _ := strings.Cut(text, "### Warnings"); strings.Count(errors, "\n- ") != 20 || warnings == "" {
		t.Errorf("%d errors come first", strings.Count(errors, "\n- "))
	}
	if !strings.Contains(text, fmt.Sprintf("does not fit: %d findings.", 2000-shown)) {
		t.Errorf("it shows %d and ends with %q", shown, text[len(text)-200:])
	}
	if strings.Contains(text, "\n::") || strings.Contains(text, "##vso[") || strings.Contains(text, "](http://x)") {
		t.Error("a message's text is obeyed")
	}
}

func TestGitHubAnnotations(t *testing.T) {
	const want = `::error file=a b/ü%3A%25%2Ck.yaml,line=4,col=14,title=public-access::50%25: a,b <&"'> ]]> \x01 ::error:: #\x23vso[x] [l](http://x) 日本%0AHelp: one%0Atwo
`
	got := written(t, "github", oddFindings())
	if first, _, _ := strings.Cut(got, "\n"); first+"\n" != want || strings.Count(got, "\n") != 3 || !strings.HasSuffix(got, "::notice file=z.yaml,title=syntax/r::m\n") {
		t.Errorf("got\n%s", got)
	}
}

func TestFingerprints(t *testing.T) {
	finding := func(line int, path, sid, principal string) diag.Diagnostic {
		return diag.Diagnostic{
			Rule: "r", Message: fmt.Sprintf("statement `%s` lets %s in", sid, principal), Statement: sid,
			Place:    diag.Place{File: "k.json", Range: at(line, 1, 2), Path: path},
			Identity: diag.Identity{Element: diag.Element(path), Literal: principal},
		}
	}
	before := fingerprints(diag.List{finding(3, "/Statement/0/Principal/AWS/1", "A", "111122223333"), finding(9, "/Statement/1/Principal/AWS/0", "1", "444455556666")})
	after := fingerprints(diag.List{finding(5, "/Statement/0/Principal/AWS/0", "0", "444455556666"), finding(12, "/Statement/12/Principal/AWS/1", "Renamed", "111122223333")})
	slices.Reverse(after)
	if !slices.Equal(before, after) || before[0] == before[1] {
		t.Errorf("before %v, after %v", before, after)
	}
	more := fingerprints(diag.List{finding(3, "/Statement/0", "A", "x"), finding(4, "/Statement/1", "B", "x")})
	if more[0] == more[1] {
		t.Error("two equal faults have one fingerprint")
	}
}

func TestSARIFKeepsTheMostSevere(t *testing.T) {
	list := make(diag.List, maxResults+1)
	for i := range list {
		list[i].Severity = diag.Info
	}
	list[maxResults].Severity = diag.Error
	if kept := mostSevere(list); len(kept) != maxResults || kept[maxResults-1] != maxResults || kept[maxResults-2] != maxResults-2 {
		t.Errorf("%d kept, the last %d", len(kept), kept[len(kept)-1])
	}
}
