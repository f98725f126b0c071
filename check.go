package keypolicy

import (
	"context"
	"slices"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/carrier/terraform"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/rules"
)

// checker is what every file of a run is checked with. It is safe for concurrent use.
type checker struct {
	options func(file string) compiler.Options
	set     *rules.Set
	sets    *trusting // the set with what a file's folder trusts

	configuration *Configuration

	from   diag.Severity // findings from here on are kept
	source bool          // with the line that they are about
	notes  diag.List     // of the configuration, which has no errors
	run    RunOptions

	suppressions *suppressions
	excluded     map[int]bool // inputs that only enforced rules judge
}

// Output is a policy that a run makes.
type Output struct {
	compiler.Output
	Document int
	Spec     bool   // of a spec
	Bad      bool   // an error was found in its document
	Text     []byte // nil where it is bad, or was not asked for
}

// File is what is kept of a file: its outputs and a summary of fixed size a policy.
type File struct {
	Name    string
	Fault   error // that it could not be read
	Outputs []Output
	Wanted  int  // policies that its documents should become, at least
	Broken  bool // a document became none

	findings   diag.List
	suppressed diag.List
	shared     diag.List // of a Terraform module: other modules may have the same
	missing    []terraform.Missing
	sources    []string // the module's files
	lines      Lines
	counts     Summary
	comments   []*suppression // that suppress findings
	planned    []*suppression // of the source of a plan: they may be about keys that the plan does not have
	summary    []rules.FileSummary
}

// file takes one file the whole road: compile, evaluate, collect.
func (c *checker) file(ctx context.Context, index int, in compiler.Input) (File, error) {
	unit, found := compiler.Compile(in, c.options(in.Name))
	return c.unit(ctx, index, in, unit, found)
}

// unit takes what a file became the rest of the road.
func (c *checker) unit(ctx context.Context, index int, in compiler.Input, unit *compiler.Unit, found diag.List) (File, error) {
	result := File{Name: in.Name, lines: Lines{}, counts: Summary{Files: 1}, missing: unit.Missing}
	if unit.Sources == nil {
		result.comments = c.suppressions.of(unit.File)
	}
	for _, f := range unit.Sources {
		result.sources = append(result.sources, f.Name)
		result.comments = append(result.comments, c.suppressions.ofSource(f)...)
	}
	for _, f := range unit.PlanSources {
		result.planned = append(result.planned, c.suppressions.ofSource(f)...)
	}
	own := map[string][]*suppression{}
	for _, one := range slices.Concat(result.comments, result.planned) {
		own[one.place.File] = append(own[one.place.File], one)
	}
	comments := inFiles(own)
	found = c.suppress(found, comments, unit, &result)
	set := c.sets.of(in.Name)
	for _, d := range unit.Documents {
		result.summary = append(result.summary, c.summarize(d))
		if len(d.Policies) == 0 && d.Sample == nil {
			c.suppressions.markUnevaluated(in.Name, d.Index, result.comments)
		}
		evaluated := farTooLong(d)
		if evaluated == nil {
			var err error
			if evaluated, err = evaluateWorlds(ctx, set, d); err != nil {
				return result, err
			}
			if evaluated, err = byDefault(ctx, set, d, evaluated); err != nil {
				return result, err
			}
		}
		fromCaller(d, evaluated)
		for i := range evaluated {
			evaluated[i].Resource = d.Resource
		}
		if d.Carried != nil && d.Carried.Sensitive {
			compiler.Conceal(evaluated)
		}
		compiler.AddPlanned(d.Carried, evaluated)
		evaluated = c.suppress(evaluated, comments, unit, &result)
		found = append(found, evaluated...)
		if d.Guard != nil && !reportedForms(evaluated) {
			found = append(found, *d.Guard)
		}
		if c.run.Visit == nil {
			d.DropWorlds()
		}
	}
	if c.excluded[index] {
		found = slices.DeleteFunc(found, func(d diag.Diagnostic) bool { return !set.Enforced(d.Rule) })
		result.summary, result.comments = nil, nil
	}
	found.Sort()
	bad := map[int]bool{} // documents with an error
	for _, d := range found {
		bad[d.Place.Document] = bad[d.Place.Document] || d.Severity == diag.Error
	}
	for _, d := range unit.Documents {
		if err := c.outputs(d, bad[d.Index] && !c.run.EmitBad, &result); err != nil {
			return result, err
		}
	}
	if c.run.Visit != nil {
		c.run.Visit(index, in, unit, found)
	}
	if len(unit.Documents) == 0 {
		result.Wanted, result.Broken = 1, true
	}
	if unit.Sources != nil {
		identifySources(found, unit.Sources, unit)
		identifySources(result.suppressed, unit.Sources, unit)
		result.shared = found
		return result, nil
	}
	if unit.PlanSources != nil {
		inPlan := func(d diag.Diagnostic) bool { return d.Place.File == in.Name }
		result.shared = slices.DeleteFunc(slices.Clone(found), inPlan)
		found = slices.DeleteFunc(found, func(d diag.Diagnostic) bool { return !inPlan(d) })
		identifySources(result.shared, unit.PlanSources, unit)
		identifySources(result.suppressed, unit.PlanSources, unit)
	}
	result.keep(c, found, unit)
	return result, nil
}

// suppress takes out and counts what is suppressed of a file's findings.
func (c *checker) suppress(found diag.List, comments map[string]*fileComments, unit *compiler.Unit, result *File) diag.List {
	reported, suppressed := c.suppressions.apply(found, comments, func(d diag.Diagnostic) bool { return fixed(d, unit.Documents) })
	result.counts.Suppressed += len(suppressed)
	if c.run.Suppressed {
		result.suppressed = append(result.suppressed, suppressed...)
	}
	return reported
}

// exclusiveForms is the rule that reports two forms, of which nothing is compiled.
const exclusiveForms = "exclusive-forms"

// reportedForms reports whether a rule has reported two forms as an error, so that the compiler's own word is not needed: where
// the rule is off or milder, nothing is compiled all the same.
func reportedForms(evaluated diag.List) bool {
	for _, d := range evaluated {
		if d.Rule == exclusiveForms && d.Severity == diag.Error {
			return true
		}
	}
	return false
}

func (c *checker) outputs(d *compiler.Document, bad bool, result *File) error {
	result.counts.Policies += len(d.Policies)
	if d.Kind != compiler.KindSpec && d.Kind != compiler.KindDocument {
		if d.Kind == compiler.KindUnknown { // it was meant to be a policy
			result.Wanted++
			result.Broken = true
		}
		return nil
	}
	for _, p := range d.Policies {
		if from := p.Key.AccountFrom; from == spec.FromPolicy || from == spec.FromUnknown {
			result.counts.Assumed = append(result.counts.Assumed, AssumedPolicy{
				File: result.Name, Document: d.Index, Region: p.Key.Region, Account: Account{ID: p.Key.Account, From: string(from)},
			})
		}
	}
	result.Wanted += max(len(d.Policies), 1)
	result.Broken = result.Broken || len(d.Policies) == 0
	var texts [][]byte
	if c.run.Emit != nil && !bad && len(d.Policies) > 0 {
		made, err := c.run.Emit(c.set, d)
		if err != nil {
			return err
		}
		texts = made
	}
	for i, o := range d.Outputs() {
		out := Output{Output: o, Document: d.Index, Spec: d.Kind == compiler.KindSpec, Bad: bad}
		if i < len(texts) {
			out.Text = texts[i]
		}
		result.Outputs = append(result.Outputs, out)
	}
	return nil
}

// keep counts all findings and keeps those that are reported.
func (r *File) keep(c *checker, found diag.List, unit *compiler.Unit) {
	r.counts.Count(found)
	open := newLines(unit.File.Shown)
	for _, d := range found {
		if d.Severity < c.from {
			continue
		}
		r.findings = append(r.findings, d)
		line := LineOf(d)
		if _, have := r.lines[line]; !have && c.source && line.File == r.Name {
			r.lines[line] = open.at(line.Number)
		}
	}
	identifyAll(r.findings, unit)
	identifyAll(r.suppressed, unit)
	if c.source {
		r.keepEdited(unit.File.Shown)
	}
}

// keepEdited keeps the lines that edits are made in: a format that counts bytes has to see them. In order, so that the file is
// read once.
func (r *File) keepEdited(text []byte) {
	var numbers []int
	for _, d := range r.findings {
		for _, e := range d.Edits {
			if e.Place.File == r.Name {
				numbers = append(numbers, e.Place.Range.Start.Line, e.Place.Range.End.Line)
			}
		}
	}
	slices.Sort(numbers)
	open := newLines(text)
	for _, number := range slices.Compact(numbers) {
		if line := (Line{File: r.Name, Number: number}); r.lines[line] == "" {
			r.lines[line] = open.at(number)
		}
	}
}
