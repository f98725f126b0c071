package report

import (
	"io"
	"path"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

type gitlabIssue struct {
	Description string         `json:"description"`
	Check       string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
	End   int `json:"end"`
}

var gitlabSeverities = map[diag.Severity]string{diag.Error: "critical", diag.Warning: "minor", diag.Info: "info"}

// writeGitLab writes findings as GitLab's code quality report.
// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
func writeGitLab(w io.Writer, all Findings) error {
	issues, prints := make([]gitlabIssue, 0, len(all.List)), fingerprints(all.List)
	for i, d := range all.List {
		begin := max(d.Place.Range.Start.Line, 1)
		issues = append(issues, gitlabIssue{
			Description: Escape(d.Message), Check: reasonedName(d), Fingerprint: prints[i], Severity: gitlabSeverities[d.Severity],
			Location: gitlabLocation{path.Clean(d.Place.File), gitlabLines{begin, max(d.Place.Range.End.Line, begin)}},
		})
	}
	return WriteValue(w, issues)
}
