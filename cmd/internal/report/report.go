// Package report writes what commands found. Each format of findings is one file and one row of the table in formats.go.
package report

import (
	"io"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// Findings are what a run found, as every format takes them.
type Findings struct {
	List    diag.List // sorted
	Lines   keypolicy.Lines
	Summary keypolicy.Summary
	Colors  bool             // for a terminal
	Rules   []rules.Metadata // of the run, for SARIF; without it, a rule has its name only
}

// Write writes findings in one of the [Formats].
func Write(w io.Writer, name string, f Findings) error { return lookup(name).write(w, f) }
