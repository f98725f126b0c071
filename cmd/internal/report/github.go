package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	githubCommands = map[diag.Severity]string{diag.Error: "error", diag.Warning: "warning", diag.Info: "notice"}
)

// writeGitHub writes findings as commands to GitHub's runner, which shows them as annotations of the lines.
// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
func writeGitHub(w io.Writer, all Findings) error {
	var b strings.Builder
	for _, d := range all.List {
		at := "file=" + commandText(githubProperty, d.Place.File)
		if start, end := d.Place.Range.Start, d.Place.Range.End; start.Line > 0 {
			at += fmt.Sprintf(",line=%d", start.Line)
			if end.Line > start.Line {
				at += fmt.Sprintf(",endLine=%d", end.Line)
			} else {
				at += fmt.Sprintf(",col=%d", start.Column)
			}
		}
		fmt.Fprintf(&b, "::%s %s,title=%s::%s\n", githubCommands[d.Severity], at, commandText(githubProperty, reasonedName(d)), commandText(githubData, longMessage(d)))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// reasonedName is a finding's rule, with the reason where that says more.
func reasonedName(d diag.Diagnostic) string {
	if d.Reason != "" && d.Reason != d.Rule {
		return d.Rule + "/" + d.Reason
	}
	return d.Rule
}

// longMessage is a finding's message with its help in a line of its own.
func longMessage(d diag.Diagnostic) string {
	if d.Help == "" {
		return d.Message
	}
	return d.Message + "\nHelp: " + strings.TrimRight(d.Help, "\n")
}
