package report

import "io"

// format is a way of writing findings. What it writes is the same bytes for the same findings.
type format struct {
	name       string
	write      func(io.Writer, Findings) error
	lines      bool // it shows the lines that findings are about
	rules      bool // it describes the run's rules
	suppressed bool // it can say that a finding is suppressed
	summary    bool // it is for people, who read the summary next to it on stderr
}

// formats are all formats of findings, the default first: one row a format, and one file with what writes it.
var formats = [...]format{
	{name: Text, write: writeText, lines: true, suppressed: true, summary: true},
	{name: "json", write: writeJSON, suppressed: true},
	{name: "jsonl", write: writeJSONLines, suppressed: true},
	{name: "sarif", write: writeSARIF, rules: true, suppressed: true},
	{name: "github", write: writeGitHub, summary: true},
	{name: "gitlab", write: writeGitLab},
	{name: "junit", write: writeJUnit},
	{name: "checkstyle", write: writeCheckstyle},
	{name: "rdjsonl", write: writeRDJSONLines, lines: true},
	{name: "azure", write: writeAzure, summary: true},
	{name: "markdown", write: writeMarkdown, lines: true},
}

// Text is the format for people.
const Text = "text"

// Formats are the names of all formats of findings, the default first.
func Formats() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
}

// ShowsLines reports whether a format shows the lines that findings are about.
func ShowsLines(name string) bool { return lookup(name).lines }

// DescribesRules reports whether a format describes the run's rules.
func DescribesRules(name string) bool { return lookup(name).rules }

// ShowsSuppressed reports whether a format can say that a finding is suppressed.
func ShowsSuppressed(name string) bool { return lookup(name).suppressed }

// WantsSummary reports whether people read a format, with its summary on stderr.
func WantsSummary(name string) bool { return lookup(name).summary }

// lookup is the format of a name; the default where there is none.
func lookup(name string) format {
	for _, f := range formats {
		if f.name == name {
			return f
		}
	}
	return formats[0]
}
