package report

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

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
