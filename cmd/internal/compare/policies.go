package compare

import (
	"bytes"
	"fmt"
	"path/filepath"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// Policies holds one policy against another, each with what its own configuration trusts.
func Policies(before, after *keypolicy.Linter, oldFile, newFile string, oldPolicy, newPolicy *spec.Compiled) report.Difference {
	was, now, d := keypolicy.Compare(before, after, filepath.ToSlash(oldFile), filepath.ToSlash(newFile), oldPolicy, newPolicy)
	return report.Difference{Old: report.NewPolicy(oldFile, was), New: report.NewPolicy(newFile, now), Result: d}
}

// Compare compares a pair; same where nothing differs in any byte.
func (p Pair) Compare(before, after *keypolicy.Linter, base string) (d report.Difference, same bool) {
	file, document := "", 0
	var was, now *spec.Compiled
	if p.Before != nil {
		file, document, was = p.Before.File, p.Before.Document, p.Before.Policy
	}
	oldFile := file
	if p.After != nil {
		file, document, now = p.After.File, p.After.Document, p.After.Policy
	}
	if oldFile == "" {
		oldFile = file
	}
	switch {
	case p.After != nil && now == nil: // it has been reported
		return d, true
	case p.Before != nil && was == nil && now == nil:
		return d, true
	case p.Before != nil && was == nil: // what it was is not known
		d = report.Difference{New: report.NewPolicy(file, now), State: "changed", Document: document, Result: &access.Difference{
			Unknown: []access.Reason{{Kind: access.ReasonNotYetKnown, Text: fmt.Sprintf("what it allowed at %s, where it did not compile", base)}},
		}}
		d.Old = d.New
		return d, false
	case was != nil && now != nil && file == oldFile && was.Key == now.Key && was.Worlds == nil && now.Worlds == nil && bytes.Equal(was.Document.JSON(true), now.Document.JSON(true)):
		return d, true
	}
	state := "changed"
	switch {
	case was == nil:
		was, state = empty(now), "added"
	case now == nil:
		now, state = empty(was), "deleted"
	case file != oldFile:
		state = "moved"
	}
	d = Policies(before, after, oldFile, file, was, now)
	d.State, d.Document, d.Resource = state, document, p.resource()
	unchanged := state == "changed" && d.Resource != "" && d.Result.Equivalent && bytes.Equal(was.Document.JSON(true), now.Document.JSON(true))
	return d, unchanged
}

// empty is the policy that allows nothing, for a key.
func empty(of *spec.Compiled) *spec.Compiled {
	file, _ := source.Load("", []byte(`{"Version": "2012-10-17", "Statement": []}`), source.DefaultLimits)
	return &spec.Compiled{Key: of.Key, Document: policy.Read(file.Documents[0].Root)}
}
