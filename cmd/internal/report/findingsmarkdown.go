package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// writeMarkdown writes findings for a comment: the counts, and a list with the errors first. What does not fit is counted at the end.
func writeMarkdown(w io.Writer, all Findings) error {
	var b commentRoom
	b.add(fmt.Sprintf("**%s**\n", cell(all.Summary.String())))
	left := 0
	for _, severity := range []diag.Severity{diag.Error, diag.Warning, diag.Info} {
		title := ""
		for _, d := range all.List {
			if d.Severity != severity {
				continue
			}
			text := all.markdown(d)
			if title == "" {
				title = markdownTitles[severity]
				text = "\n### " + title + "\n\n" + text
			}
			if left > 0 || !b.add(text) {
				left++
			}
		}
	}
	if left > 0 {
		fmt.Fprintf(&b, "\n**Left out, as it does not fit: %s.** `--format json` has all of them.\n", number(left, "finding", "findings"))
	}
	_, err := io.WriteString(w, Inert(b.String()))
	return err
}

var markdownTitles = map[diag.Severity]string{diag.Error: "Errors", diag.Warning: "Warnings", diag.Info: "Info"}

// markdown is a finding as an item of a list, with the line that it is about.
func (all Findings) markdown(d diag.Diagnostic) string {
	name := code(reasonedName(d))
	if page := rules.PageURL(d.Rule); page != "" {
		name = "[" + name + "](" + page + ")"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "- %s %s: %s\n", name, code(fmt.Sprintf("%s:%d:%d", d.Place.File, d.Place.Range.Start.Line, d.Place.Range.Start.Column)), cell(d.Message))
	if line := strings.TrimSpace(all.Lines[keypolicy.LineOf(d)]); line != "" {
		fmt.Fprintf(&b, "  - %s\n", code(shortened(line)))
	}
	if d.Resource != "" {
		fmt.Fprintf(&b, "  - in %s\n", code(d.Resource))
	}
	if d.Help != "" {
		fmt.Fprintf(&b, "  - help: %s\n", cell(strings.ReplaceAll(strings.TrimRight(d.Help, "\n"), "\n", " ")))
	}
	return b.String()
}

// shortened cuts a line that nobody would read in a comment.
func shortened(line string) string {
	if runes := []rune(line); len(runes) > widest {
		return string(runes[:widest]) + "…"
	}
	return line
}
