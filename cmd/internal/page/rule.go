// Package page writes what documents the program from what it is made of: a page for each rule, with a bad example and what lint
// really prints of it, the index of rules, and the fields of a schema.
package page

import (
	"context"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/cmd/internal/ruletimeout"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/rules"
)

// Rule is what a rule's page shows: its METADATA, a bad example with what lint really says of it, and a good one.
type Rule struct {
	keypolicy.RuleInfo

	bad    []txtar.File // the configuration, where the examples have one, and the files that the findings are about
	output string       // what lint prints of them
	good   []txtar.File

	renamedFrom []string // former names that no rule has now
	splitFrom   []string // rules that this one was a part of
}

// NewRule judges a rule's examples. Its own configuration is only the examples'.
func NewRule(ctx context.Context, l *keypolicy.Linter, set *rules.Set, m rules.Metadata) (*Rule, error) {
	p := &Rule{RuleInfo: keypolicy.NewRuleInfo(m)}
	for _, name := range p.FormerNames {
		if set.Has(name) {
			p.splitFrom = append(p.splitFrom, name)
		} else {
			p.renamedFrom = append(p.renamedFrom, name)
		}
	}
	text := set.ExampleText(m.Name)
	if text == nil {
		return p, nil
	}
	p.Examples = string(text)
	e, err := keypolicy.ReadExample(text)
	if err != nil {
		return nil, err
	}
	own, err := e.Load(ctx, m.Name, rules.Options{User: l.UserRules(), Today: keypolicy.ExampleDay, Limit: ruletimeout.New().Limit})
	if err != nil {
		return nil, err
	}
	found, err := e.Check(ctx, own, keypolicy.ExampleDay)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(d diag.Diagnostic) bool { return d.Rule != m.Name })
	return p, p.show(e, text, found)
}

// show picks the first file with a finding and the first without one, in the order in which they are written.
func (p *Rule) show(e *keypolicy.Example, text []byte, found diag.List) error {
	bad := ""
	for _, f := range e.Files {
		if has(found, f.Name) {
			bad = f.Name
			break
		}
	}
	shown := slices.DeleteFunc(slices.Clone(found), func(d diag.Diagnostic) bool { return d.Place.File != bad })
	var out strings.Builder
	if err := report.Write(&out, report.Text, report.Findings{List: shown, Lines: e.Lines(shown), NoPages: true}); err != nil {
		return err
	}
	p.output = out.String()
	for _, f := range txtar.Parse(text).Files {
		switch {
		case f.Name == keypolicy.FindingsFile:
		case f.Name == spec.ConfigurationFile && bad != "", f.Name == bad, related(shown, f.Name):
			p.bad = append(p.bad, f)
		case len(p.good) == 0 && keypolicy.IsGoodExample(f.Name) && !has(found, f.Name):
			p.good = append(p.good, f)
		}
	}
	return nil
}

func has(found diag.List, file string) bool {
	return slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.Place.File == file })
}

func related(found diag.List, file string) bool {
	for _, d := range found {
		if slices.ContainsFunc(d.Related, func(r diag.Related) bool { return r.File == file }) {
			return true
		}
	}
	return false
}

// state says what of a rule's severity is not as with most rules; "" for nothing.
func (p *Rule) state() string {
	var said []string
	if !p.Enabled {
		said = append(said, "off until `severity` of the configuration turns it on")
	}
	if p.Category == rules.Lockout {
		said = append(said, "a finding that is an error cannot be turned off, lowered or suppressed")
	}
	return strings.Join(said, "; ")
}
