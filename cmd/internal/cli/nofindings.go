package cli

import (
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// noFindingsFlag is for hooks that run beside one of lint: nobody wants to read a finding twice.
func noFindingsFlag(cmd *cobra.Command, value *bool) {
	cmd.Flags().BoolVar(value, "no-findings", false, "do not report findings, only name the files with findings that fail the run; for use together with lint")
}

// sayFailing names the files with findings of a severity or a worse one, for somebody whom lint shows the findings.
func (a *app) sayFailing(list diag.List, from diag.Severity) {
	counts := map[string]int{}
	for _, d := range list {
		if d.Severity >= from {
			counts[d.Place.File]++
		}
	}
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		found := count(counts[name], "finding fails the check: run `keypolicy lint` to see it", "findings fail the check: run `keypolicy lint` to see them")
		a.say("%s: %s", report.Escape(name), found)
	}
}
