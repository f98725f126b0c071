package report

import (
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/keypolicy/keypolicy"
)

// WriteSuppressions writes what suppresses findings: text, json or markdown.
func WriteSuppressions(w io.Writer, format string, list []keypolicy.SuppressionUse) error {
	switch format {
	case "json":
		return WriteValue(w, keypolicy.Suppressions{Version: 1, Suppressions: list})
	case "markdown":
		lines := NewLines(w)
		_, _ = lines.WriteString("| place | rule | status | until | reason |\n|---|---|---|---|---|\n")
		for _, s := range list {
			_, _ = fmt.Fprintf(lines, "| %s | %s | %s | %s | %s |\n", codeCell(suppressionPlace(s)), codeCell(s.Rule), suppressionStatus(s), cell(s.Until), cell(s.Reason))
		}
		return lines.Flush()
	}
	lines := NewLines(w)
	if len(list) == 0 {
		_, _ = lines.WriteString("nothing is suppressed\n")
		return lines.Flush()
	}
	table := tabwriter.NewWriter(lines, 0, 0, 2, ' ', 0)
	for _, s := range list {
		until := ""
		if s.Until != "" {
			until = "until " + Escape(s.Until) + ": "
		}
		reason := Escape(s.Reason)
		if reason == "" {
			reason = "no reason is given"
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s%s\n", Escape(suppressionPlace(s)), Escape(s.Rule), suppressionStatus(s), until, reason)
	}
	return errors.Join(table.Flush(), lines.Flush())
}

func suppressionPlace(s keypolicy.SuppressionUse) string {
	return fmt.Sprintf("%s:%d:%d", s.File, s.Line, s.Column)
}

// suppressionStatus is what comes of a suppression in words.
func suppressionStatus(s keypolicy.SuppressionUse) string {
	switch s.Status {
	case keypolicy.SuppressionUsed:
		return number(s.Findings, "finding", "findings")
	case keypolicy.SuppressionUnused:
		return "unused"
	case keypolicy.SuppressionRefused:
		return "refused: the finding is reported"
	case keypolicy.SuppressionExpired:
		return "expired"
	case keypolicy.SuppressionUnknownRule:
		return "no such rule"
	default:
		return "not judged"
	}
}
