package keypolicy

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/carrier/terraform"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// RunOptions say what a run does beside finding.
type RunOptions struct {
	// Emit makes the bytes of a document's policies, one each; nil makes none.
	Emit func(set *rules.Set, d *compiler.Document) ([][]byte, error)

	// EmitBad makes them also of documents with errors.
	EmitBad bool

	// Visit is called with what each file became and what was found in it, errors of a run's files together left out. index is the
	// input's. It is called from several goroutines.
	Visit func(index int, in compiler.Input, unit *compiler.Unit, found diag.List)

	// Checked is called after each input, from several goroutines.
	Checked func()

	// SpecsOnly says that policy documents are not written, so that their names are not held against those of specs.
	SpecsOnly bool

	// Unwritten says that no policies are written, so that their names are not held against one another.
	Unwritten bool

	// OneOutput says that all policies are written to one folder, whatever the configuration's folders give.
	OneOutput bool

	// Baseline is findings that are known: they are counted, and not reported.
	Baseline *Baseline

	// Suppressed keeps the findings that are suppressed, beside the others.
	Suppressed bool

	// OwnBaseline says that the baseline is the repository's own: of what [Options.Enforce] enforces, nothing is known in it.
	OwnBaseline bool

	// Whole says that all existing files are read: what no file uses is unused.
	Whole bool
}

// Run is what a whole run found.
type Run struct {
	Files    []File // in the order of the inputs
	Findings diag.List

	Suppressed diag.List // where they are asked for; they count as nothing else than suppressed

	// Suppressions are all that suppress findings in the run, where suppressed findings are asked for, sorted by place.
	Suppressions []SuppressionUse

	Lines   Lines // that they are about, where they are asked for
	Summary Summary
	Failed  bool // something could not be read

	sources map[string]bool // the files of Terraform modules

	Unused  []BaselineEntry   // entries of the baseline that no finding is any more
	Renamed map[string]string // rules that the baseline has under former names: their names now
}

// Run checks inputs, [Options.Jobs] at a time, takes each the whole road, and then holds them against one another. Only the
// results stay in memory. Findings are sorted. A file that cannot be read is a [File.Fault]; an error is one of the rules.
func (l *Linter) Run(ctx context.Context, inputs []Input, o RunOptions) (*Run, error) {
	set, err := l.Load(ctx)
	if err != nil {
		return nil, err
	}
	c := &checker{
		options: l.CompilerOptions, sets: newTrusting(set, l.Configuration), set: set, configuration: l.Configuration, from: l.opts.MinSeverity, source: l.opts.Lines,
		notes: slices.Concat(l.Configuration.notes, renamedRules(l.Configuration, set)), run: o,
		suppressions: l.suppressions(set), excluded: map[int]bool{},
	}
	for i, in := range inputs {
		if in.excluded {
			c.excluded[i] = true
		}
	}
	r, err := l.check(ctx, c, inputs)
	if err != nil {
		return nil, err
	}
	if err := r.checkAcrossFiles(ctx, c); err != nil {
		return nil, err
	}
	texts := newFileTexts(inputs, l.files)
	identifyAcross(r.Findings, texts)
	identifyAcross(r.Suppressed, texts)
	r.Findings.Sort()
	r.keepSuppressed(l.opts.MinSeverity)
	if o.Baseline != nil {
		r.leaveOut(o.Baseline, l.files, set, o.OwnBaseline && l.opts.Enforce != nil)
	}
	if l.opts.Lines {
		r.Lines.complete(r.Findings, texts)
		r.Lines.complete(r.Suppressed, texts)
	}
	return r, nil
}

// check takes each input the road by itself.
func (l *Linter) check(ctx context.Context, c *checker, inputs []Input) (*Run, error) {
	r := &Run{Files: make([]File, len(inputs)), Lines: Lines{}}
	errs := make([]error, len(inputs))
	indexes := make(chan int)
	var workers sync.WaitGroup
	for range min(max(l.opts.Jobs, 1), len(inputs)) {
		workers.Go(func() {
			for i := range indexes {
				r.Files[i], errs[i] = l.checkInput(ctx, c, i, inputs[i])
				if c.run.Checked != nil {
					c.run.Checked()
				}
			}
		})
	}
	for i := range inputs {
		indexes <- i
	}
	close(indexes)
	workers.Wait()
	for i := range r.Files {
		if errs[i] != nil {
			return nil, errs[i]
		}
		f := &r.Files[i]
		if f.Fault != nil {
			r.Failed = true
			continue
		}
		r.Findings = append(r.Findings, f.findings...)
		maps.Copy(r.Lines, f.lines)
		r.Suppressed = append(r.Suppressed, f.suppressed...)
		f.findings, f.suppressed, f.lines = nil, nil, nil
		r.Summary.add(f.counts)
	}
	r.modules(c)
	return r, nil
}

func (l *Linter) checkInput(ctx context.Context, c *checker, index int, in Input) (File, error) {
	if err := ctx.Err(); err != nil {
		return File{}, err
	}
	if m, ok := l.module(in); ok {
		unit, found, err := compiler.CompileModule(m, c.options(settingsOf(m.Folder)))
		if err != nil {
			return File{Name: in.Name, Fault: err}, nil //nolint:nilerr // the file has it
		}
		return c.unit(ctx, index, compiler.Input{Name: m.Folder}, unit, found)
	}
	text := in.Text
	if text == nil {
		read, err := l.files.Read(in.Name)
		if err != nil {
			return File{Name: in.Name, Fault: err}, nil //nolint:nilerr // the file has it
		}
		text = read
	}
	return c.file(ctx, index, compiler.Input{Name: in.Name, Text: text, Configuration: in.configuration, Spec: in.Spec})
}

// keepSuppressed keeps of the suppressed findings those that would be reported, each once: several modules may read one file.
func (r *Run) keepSuppressed(from diag.Severity) {
	var list diag.List
	for _, d := range r.Suppressed {
		if d.Severity >= from {
			list = append(list, d)
		}
	}
	list.Sort()
	r.Suppressed = slices.CompactFunc(list, func(a, b diag.Diagnostic) bool {
		return a.Place == b.Place && a.Rule == b.Rule && a.Reason == b.Reason && a.Message == b.Message && a.Resource == b.Resource
	})
}

// leaveOut takes out the findings that a baseline has; keepEnforced keeps those of enforced rules.
func (r *Run) leaveOut(b *Baseline, files Files, set *rules.Set, keepEnforced bool) {
	read := map[string]bool{} // what could be judged: of a file that is broken nothing is gone
	sound := !slices.ContainsFunc(r.Files, func(f File) bool { return f.Fault != nil || f.Broken })
	for name := range r.sources {
		read[name] = sound
	}
	for _, f := range r.Files {
		read[f.Name] = f.Fault == nil && !f.Broken
	}
	match := b.Match(r.Findings, func(name string) bool { return read[name] }, files.Has, set.Aliases)
	if keepEnforced {
		match.keepEnforced(set)
	}
	r.Renamed = b.renamed(set)
	var known Summary
	known.Count(match.Known)
	r.Findings, r.Unused = match.New, match.Unused
	r.Summary.Error -= known.Error
	r.Summary.Warning -= known.Warning
	r.Summary.Info -= known.Info
	r.Summary.Known += len(match.Known)
}

// Faults are the sentences about files that could not be read.
func (r *Run) Faults() []error {
	var list []error
	for i := range r.Files {
		if fault := r.Files[i].Fault; fault != nil {
			list = append(list, fault)
		}
	}
	return list
}

// AnyBad reports whether an error keeps a policy from being written.
func (r *Run) AnyBad() bool {
	return slices.ContainsFunc(r.Files, func(f File) bool {
		return slices.ContainsFunc(f.Outputs, func(o Output) bool { return o.Bad })
	})
}

// modules takes what was found in Terraform modules, from their source or from plans of them: what several of them have, or several keys of one, is one finding.
func (r *Run) modules(c *checker) {
	type literal struct {
		place                 diag.Place
		rule, reason, message string
	}
	var list diag.List
	var missing []terraform.Missing
	first, read := map[literal]int{}, map[string]bool{}
	for i := range r.Files {
		f := &r.Files[i]
		if f.sources != nil {
			r.Summary.Files-- // the module itself is a folder
		}
		for _, name := range f.sources {
			if !read[name] {
				r.Summary.Files++
			}
			read[name] = true
		}
		missing = append(missing, f.missing...)
		for _, d := range f.shared {
			key := literal{d.Place, d.Rule, d.Reason, d.Message}
			at, have := first[key]
			switch {
			case !have:
				first[key] = len(list)
				list = append(list, d)
			case list[at].Resource != d.Resource && d.Resource != "":
				also := diag.Related{Place: d.Place, Message: "also of " + d.Resource}
				if !slices.Contains(list[at].Related, also) {
					list[at].Related = append(list[at].Related, also)
				}
			}
		}
		f.shared, f.missing, f.sources = nil, nil, nil
	}
	r.sources = read
	r.take(c, append(list, terraform.NotThere(missing)...))
}
