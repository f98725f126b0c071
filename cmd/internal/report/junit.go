package report

import (
	"encoding/xml"
	"fmt"
	"io"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Failure *junitFailure `xml:"failure"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// writeJUnit writes each finding as a failed test, in a suite of its file; without findings there is one test that passed.
func writeJUnit(w io.Writer, all Findings) error {
	out := junitSuites{Tests: len(all.List), Failures: len(all.List)}
	for _, d := range all.List {
		file := Escape(d.Place.File)
		if n := len(out.Suites); n == 0 || out.Suites[n-1].Name != file {
			out.Suites = append(out.Suites, junitSuite{Name: file})
		}
		s, start := &out.Suites[len(out.Suites)-1], d.Place.Range.Start
		s.Tests, s.Failures = s.Tests+1, s.Failures+1
		s.Cases = append(s.Cases, junitCase{
			Name: fmt.Sprintf("%s at %d:%d", Escape(reasonedName(d)), start.Line, start.Column), Class: file,
			Failure: &junitFailure{Escape(d.Message), d.Severity.String(), fmt.Sprintf("%s:%d:%d: %s", file, start.Line, start.Column, indentLines(longMessage(d)))},
		})
	}
	if len(all.List) == 0 {
		out.Tests = 1
		out.Suites = []junitSuite{{Name: "keypolicy", Tests: 1, Cases: []junitCase{{Name: "lint", Class: "keypolicy"}}}}
	}
	return writeXML(w, out)
}

func writeXML(w io.Writer, value any) error {
	text, err := xml.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, text)
	return err
}
