package report

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"

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

func decode(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
}

func readJSONLines(t *testing.T, text string) (list []string) {
	for line := range strings.Lines(text) {
		var f struct {
			Rule, Reason string
			Line         int
		}
		decode(t, line, &f)
		list = append(list, fmt.Sprintf("%s %d", reasonedName(diag.Diagnostic{Rule: f.Rule, Reason: f.Reason}), f.Line))
	}
	return list
}

func readRDJSONLines(t *testing.T, text string) (list []string) {
	for line := range strings.Lines(text) {
		var d rdDiagnostic
		decoder := json.NewDecoder(strings.NewReader(line))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&d); err != nil {
			t.Fatalf("%v\n%s", err, line)
		}
		number := 0
		if d.Location.Range != nil {
			number = d.Location.Range.Start.Line
		}
		list = append(list, fmt.Sprintf("%s %d", d.Code.Value, number))
	}
	return list
}

// readAzure reads commands as the agent does: properties to the first bracket, each to the next semicolon.
func readAzure(t *testing.T, text string) (list []string) {
	unescape := strings.NewReplacer("%3B", ";", "%5D", "]", "%0D", "\r", "%0A", "\n", "%AZP25", "%")
	for line := range strings.Lines(text) {
		head, message, found := strings.Cut(strings.TrimPrefix(line, "##vso[task.logissue "), "]")
		if !found || strings.Contains(message, "##vso[") || strings.Contains(message, "##[") {
			t.Errorf("%q", line)
		}
		properties := map[string]string{"linenumber": "0"}
		for property := range strings.SplitSeq(head, ";") {
			name, value, _ := strings.Cut(property, "=")
			properties[name] = unescape.Replace(value)
		}
		if path := properties["sourcepath"]; path != "a b/ü:%,k.yaml" && path != "z.yaml" {
			t.Errorf("the path is %q", path)
		}
		list = append(list, properties["code"]+" "+properties["linenumber"])
	}
	return list
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
	if len(text) > 65000 || strings.Count(text, "\n- ") < 100 {
		t.Errorf("%d bytes, %d findings", len(text), strings.Count(text, "\n- "))
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

func readGitLab(t *testing.T, text string) (list []string) {
	var issues []gitlabIssue
	decode(t, text, &issues)
	prints := map[string]bool{}
	for _, i := range issues {
		list = append(list, fmt.Sprintf("%s %d", i.Check, i.Location.Lines.Begin))
		prints[i.Fingerprint] = true
	}
	if len(prints) != len(issues) || !strings.HasPrefix(text, "[") {
		t.Errorf("%s", text)
	}
	return list
}

func readJUnit(t *testing.T, text string) (list []string) {
	var out junitSuites
	if err := xml.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	for _, s := range out.Suites {
		if s.Tests != len(s.Cases) {
			t.Errorf("%s has %d tests, not %d", s.Name, len(s.Cases), s.Tests)
		}
		for _, c := range s.Cases {
			if c.Failure != nil {
				name, at, _ := strings.Cut(c.Name, " at ")
				line, _, _ := strings.Cut(at, ":")
				list = append(list, name+" "+line)
			}
		}
	}
	if len(list) > 0 && out.Suites[0].Cases[0].Failure.Message != Escape(odd) {
		t.Errorf("the message is %q", out.Suites[0].Cases[0].Failure.Message)
	}
	return list
}

func readCheckstyle(t *testing.T, text string) (list []string) {
	var out checkstyle
	if err := xml.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	for _, f := range out.Files {
		for _, e := range f.Errors {
			list = append(list, fmt.Sprintf("%s %d", strings.TrimPrefix(e.Source, "keypolicy."), e.Line))
		}
	}
	return list
}

func readSARIF(t *testing.T, text string) (list []string) {
	var log struct {
		Version string
		Runs    []struct {
			ColumnKind string
			Tool       struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID     string
				RuleIndex  int
				Properties struct{ Reason string }
				Locations  []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI, URIBaseID string }
						Region           *struct{ StartLine, StartColumn, EndLine, EndColumn int }
					}
				}
				PartialFingerprints map[string]string
			}
		}
	}
	decode(t, text, &log)
	if log.Version != "2.1.0" || len(log.Runs) != 1 || log.Runs[0].ColumnKind != "unicodeCodePoints" || !strings.Contains(text, `"results": [`) {
		t.Fatalf("%s", text)
	}
	run, prints := log.Runs[0], map[string]bool{}
	for i, r := range run.Results {
		at := r.Locations[0].PhysicalLocation
		line := 0
		if at.Region != nil {
			line = at.Region.StartLine
			if at.Region.StartColumn != 14 || at.Region.EndLine != line || at.Region.EndColumn != 17 {
				t.Errorf("the region is %+v", *at.Region)
			}
		}
		if i == 0 && (at.ArtifactLocation.URI != "a%20b/%C3%BC:%25,k.yaml" || at.ArtifactLocation.URIBaseID != "%SRCROOT%") {
			t.Errorf("the location is %+v", at.ArtifactLocation)
		}
		if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("rule %d is not %s", r.RuleIndex, r.RuleID)
		}
		list = append(list, fmt.Sprintf("%s %d", reasonedName(diag.Diagnostic{Rule: r.RuleID, Reason: r.Properties.Reason}), line))
		prints[r.PartialFingerprints["keypolicy/v1"]] = true
	}
	if len(prints) != len(run.Results) || strings.Contains(text, "](") {
		t.Errorf("%s", text)
	}
	return list
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
