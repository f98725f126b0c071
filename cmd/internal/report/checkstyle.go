package report

import (
	"encoding/xml"
	"io"
)

type checkstyle struct {
	XMLName xml.Name         `xml:"checkstyle"`
	Version string           `xml:"version,attr"`
	Files   []checkstyleFile `xml:"file"`
}

type checkstyleFile struct {
	Name   string            `xml:"name,attr"`
	Errors []checkstyleError `xml:"error"`
}

type checkstyleError struct {
	Line     int    `xml:"line,attr"`
	Column   int    `xml:"column,attr"`
	Severity string `xml:"severity,attr"`
	Message  string `xml:"message,attr"`
	Source   string `xml:"source,attr"`
}

// writeCheckstyle writes findings as Checkstyle's report.
func writeCheckstyle(w io.Writer, all Findings) error {
	out := checkstyle{Version: "8.0"}
	for _, d := range all.List {
		file := Escape(d.Place.File)
		if n := len(out.Files); n == 0 || out.Files[n-1].Name != file {
			out.Files = append(out.Files, checkstyleFile{Name: file})
		}
		f, start := &out.Files[len(out.Files)-1], d.Place.Range.Start
		f.Errors = append(f.Errors, checkstyleError{start.Line, start.Column, d.Severity.String(), indentLines(longMessage(d)), "keypolicy." + Escape(reasonedName(d))})
	}
	return writeXML(w, out)
}
