package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// writeText writes findings for people: what is wrong, where, the line with a caret under the very characters, what to write, and
// with a rule's first finding the address of the rule's page.
func writeText(w io.Writer, all Findings) error {
	out := NewLines(w)
	p := painter(all.Colors)
	linked := map[string]bool{} // the rules whose page was named
	for i, f := range all.List {
		if i > 0 {
			_, _ = out.WriteString("\n")
		}
		page := ""
		if !all.NoPages && !linked[f.Rule] {
			page, linked[f.Rule] = rules.PageURL(f.Rule), true
		}
		writeFinding(out, p, f, all.Lines[keypolicy.LineOf(f)], page)
	}
	return out.Flush()
}

func writeFinding(out *Lines, p painter, f diag.Diagnostic, source, page string) {
	name := f.Rule
	if f.Reason != "" && f.Reason != f.Rule {
		name += "/" + f.Reason
	}
	line := strconv.Itoa(f.Place.Range.Start.Line)
	margin := strings.Repeat(" ", len(line))
	put := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format, args...) }
	put("%s: %s\n", p.severity(f.Severity, f.Severity.String()+"["+Escape(name)+"]"), p.bold(Escape(f.Message)+suppressedWord(f)))
	put("%s%s %s:%s:%d\n", margin, p.dim("-->"), Escape(f.Place.File), line, f.Place.Range.Start.Column)
	if source != "" {
		text, caret := snippet(source, f.Place.Range)
		put("%s %s\n%s %s %s\n%s %s %s\n", margin, p.dim("|"), p.dim(line), p.dim("|"), text, margin, p.dim("|"), p.severity(f.Severity, caret))
	}
	for _, r := range f.Related {
		put("%s %s %s:%d:%d: %s\n", margin, p.dim("-->"), Escape(r.File), r.Range.Start.Line, r.Range.Start.Column, Escape(r.Message))
	}
	if f.Resource != "" {
		put("%s %s in %s\n", margin, p.dim("="), Escape(f.Resource))
	}
	if f.Witness != nil {
		put("%s %s for example: %s %s\n", margin, p.dim("="), Escape(f.Witness.Principal), Escape(f.Witness.Action))
	}
	if by := f.Suppressed; by != nil {
		put("%s %s suppressed: %s (%s:%d)\n", margin, p.dim("="), Escape(by.Reason), Escape(by.Place.File), by.Place.Range.Start.Line)
	}
	if f.Help != "" {
		put("%s %s help: %s\n", margin, p.dim("="), strings.ReplaceAll(indentLines(f.Help), "\n", "\n"+margin+"         "))
	}
	if page != "" {
		put("%s %s see: %s\n", margin, p.dim("="), page)
	}
}

func suppressedWord(f diag.Diagnostic) string {
	if f.Suppressed == nil {
		return ""
	}
	return " (suppressed)"
}

func indentLines(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i := range lines {
		lines[i] = Escape(lines[i])
	}
	return strings.Join(lines, "\n")
}

// painter adds a terminal's colours, or nothing.
type painter bool

func (p painter) paint(code, text string) string {
	if !p || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (p painter) bold(text string) string { return p.paint("1", text) }
func (p painter) dim(text string) string  { return p.paint("34", text) }

func (p painter) severity(s diag.Severity, text string) string {
	switch s {
	case diag.Error:
		return p.paint("1;31", text)
	case diag.Warning:
		return p.paint("1;33", text)
	default:
		return p.paint("1;36", text)
	}
}
