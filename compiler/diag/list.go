package diag

import (
	"cmp"
	"slices"
)

// List is what a stage found; nil means nothing.
type List []Diagnostic

// HasErrors reports whether one of them is an error.
func (l List) HasErrors() bool { return l.Count(Error) > 0 }

// Count counts those of one severity.
func (l List) Count(s Severity) int {
	n := 0
	for _, d := range l {
		if d.Severity == s {
			n++
		}
	}
	return n
}

// Sort puts the list into its one order: file, line, column, rule, and then all else, so that equal input gives equal output.
func (l List) Sort() { slices.SortStableFunc(l, compare) }

func compare(a, b Diagnostic) int {
	return cmp.Or(
		cmp.Compare(a.Place.File, b.Place.File),
		cmp.Compare(a.Place.Range.Start.Line, b.Place.Range.Start.Line),
		cmp.Compare(a.Place.Range.Start.Column, b.Place.Range.Start.Column),
		cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Reason, b.Reason),
		cmp.Compare(a.Place.Range.End.Offset, b.Place.Range.End.Offset),
		cmp.Compare(a.Place.Path, b.Place.Path),
		cmp.Compare(a.Message, b.Message),
		cmp.Compare(a.Statement, b.Statement),
		cmp.Compare(a.Resource, b.Resource),
		compareRelated(a.Related, b.Related),
	)
}

func compareRelated(a, b []Related) int {
	return slices.CompareFunc(a, b, func(x, y Related) int {
		return cmp.Or(cmp.Compare(x.File, y.File), cmp.Compare(x.Range.Start.Offset, y.Range.Start.Offset), cmp.Compare(x.Message, y.Message))
	})
}
