package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

var (
	azureData     = strings.NewReplacer("%", "%AZP25", "\r", "%0D", "\n", "%0A")
	azureProperty = strings.NewReplacer("%", "%AZP25", "\r", "%0D", "\n", "%0A", ";", "%3B", "]", "%5D")
	// azureTypes: the agent knows errors and warnings only.
	azureTypes = map[diag.Severity]string{diag.Error: "error", diag.Warning: "warning", diag.Info: "warning"}
)

// writeAzure writes findings as commands to the agent of Azure Pipelines, which lists them as issues of the run.
// https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands#logissue-log-an-error-or-warning
func writeAzure(w io.Writer, all Findings) error {
	var b strings.Builder
	for _, d := range all.List {
		at := "sourcepath=" + commandText(azureProperty, d.Place.File)
		if start := d.Place.Range.Start; start.Line > 0 {
			at += fmt.Sprintf(";linenumber=%d;columnnumber=%d", start.Line, start.Column)
		}
		fmt.Fprintf(&b, "##vso[task.logissue type=%s;%s;code=%s]%s\n", azureTypes[d.Severity], at, commandText(azureProperty, reasonedName(d)), commandText(azureData, longMessage(d)))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
