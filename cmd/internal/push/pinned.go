package push

import (
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// pinnedFinding is a finding as a plan file has it.
type pinnedFinding struct {
	Rule      string          `json:"rule"`
	Reason    string          `json:"reason,omitempty"`
	Category  string          `json:"category,omitempty"`
	Severity  string          `json:"severity"`
	Message   string          `json:"message"`
	Help      string          `json:"help,omitempty"`
	Statement string          `json:"statement,omitempty"`
	Place     pinnedPlace     `json:"place"`
	Witness   *pinnedWitness  `json:"witness,omitempty"`
	Related   []pinnedRelated `json:"related,omitempty"`
}

type pinnedPlace struct {
	File      string `json:"file"`
	Document  int    `json:"document"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"end_line"`
	EndColumn int    `json:"end_column"`
	Path      string `json:"path,omitempty"`
}

type pinnedRelated struct {
	Place   pinnedPlace `json:"place"`
	Message string      `json:"message"`
}

func pinPlace(p diag.Place) pinnedPlace {
	return pinnedPlace{
		File: p.File, Document: p.Document, Line: p.Range.Start.Line, Column: p.Range.Start.Column,
		EndLine: p.Range.End.Line, EndColumn: p.Range.End.Column, Path: p.Path,
	}
}

func (p pinnedPlace) place() diag.Place {
	return diag.Place{File: p.File, Document: p.Document, Path: p.Path, Range: diag.Range{
		Start: diag.Pos{Line: p.Line, Column: p.Column}, End: diag.Pos{Line: p.EndLine, Column: p.EndColumn},
	}}
}

func pinFindings(found diag.List) []pinnedFinding {
	list := []pinnedFinding{}
	for _, f := range found {
		p := pinnedFinding{
			Rule: f.Rule, Reason: f.Reason, Category: f.Category, Severity: f.Severity.String(), Message: f.Message, Help: f.Help,
			Statement: f.Statement, Place: pinPlace(f.Place), Witness: (*pinnedWitness)(f.Witness),
		}
		for _, r := range f.Related {
			p.Related = append(p.Related, pinnedRelated{pinPlace(r.Place), r.Message})
		}
		list = append(list, p)
	}
	return list
}

func (p pinnedFinding) finding() diag.Diagnostic {
	severity, _ := diag.ParseSeverity(p.Severity)
	f := diag.Diagnostic{
		Rule: p.Rule, Reason: p.Reason, Category: p.Category, Severity: severity, Message: p.Message, Help: p.Help,
		Statement: p.Statement, Place: p.Place.place(), Witness: (*diag.Witness)(p.Witness),
	}
	for _, r := range p.Related {
		f.Related = append(f.Related, diag.Related{Place: r.Place.place(), Message: r.Message})
	}
	return f
}

// Items are the plan's keys as they were when it was made, to be shown.
func (f *PlanFile) Items() []*Item {
	var items []*Item
	for _, k := range f.Keys {
		it := &Item{
			Target: Target{File: k.File, Document: k.Document, Digest: k.SpecDigest, Policy: []byte(k.Policy)}, ARN: k.Key,
			Account: k.Account, Region: k.Region, Live: k.Live, LiveDigest: k.LiveDigest, State: k.State, Reason: k.Reason, Diff: k.Diff.difference(),
		}
		for _, p := range k.Findings {
			it.Findings = append(it.Findings, p.finding())
		}
		items = append(items, it)
	}
	return items
}
