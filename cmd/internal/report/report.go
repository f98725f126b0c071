// Package report writes what commands found. Each format of findings is one file and one row of the table in formats.go.
package report

import (
	"io"
	"slices"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// Findings are what a run found, as every format takes them.
type Findings struct {
	List diag.List // sorted

	Suppressed diag.List // that are shown as such, in formats that can say so

	Lines   keypolicy.Lines
	Summary keypolicy.Summary
	Colors  bool             // for a terminal
	Rules   []rules.Metadata // of the run, for SARIF; without it, a rule has its name only
	NoPages bool             // leave out the addresses of the rules' pages
}

// What formats for programs say of keypolicy.
const (
	toolName = "keypolicy"
	toolURL  = "https://github.com/keypolicy/keypolicy"
)

// Write writes findings in one of the [Formats].
func Write(w io.Writer, name string, f Findings) error {
	format := lookup(name)
	if format.suppressed && len(f.Suppressed) > 0 {
		f.List = slices.Concat(f.List, f.Suppressed)
		f.List.Sort()
	}
	return format.write(w, f)
}
