package cli

import (
	"context"
	"maps"
	"sync"

	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// run is what a whole run found, in the order of its files.
type run struct {
	files    []checked
	findings diag.List
	sources  report.Sources
	counts   report.Summary
	failed   bool   // something could not be read
	stdin    []byte // what was read from it
}

// gather finds the files of a run and tells of those that are not to be had; faulty says that there were such.
// A run without a file is an error.
func (a *app) gather(args []string, c *configuration, templates bool) (targets []target, faulty bool, err error) {
	l := a.targets(args, c, templates)
	for _, passed := range l.passed {
		a.say("%s", passed)
	}
	for _, fault := range l.faults {
		a.say("%v", fault)
	}
	switch {
	case len(l.list) > 0:
		return l.list, len(l.faults) > 0, nil
	case len(l.faults) > 0:
		return nil, true, errTold
	default:
		return nil, false, errNoFiles
	}
}

// check reads the targets, --jobs at a time, and takes each the whole road. Only the results stay in memory.
func (a *app) check(ctx context.Context, c *checker, targets []target) (*run, error) {
	r := &run{files: make([]checked, len(targets)), sources: report.Sources{}}
	errs := make([]error, len(targets))
	indexes := make(chan int)
	var workers sync.WaitGroup
	for range min(a.flags.jobs, len(targets)) {
		workers.Go(func() {
			for i := range indexes {
				r.files[i], errs[i] = a.checkTarget(ctx, c, targets[i], r)
			}
		})
	}
	for i := range targets {
		indexes <- i
	}
	close(indexes)
	workers.Wait()
	for i := range r.files {
		if errs[i] != nil {
			return nil, errs[i]
		}
		f := &r.files[i]
		if f.fault != nil {
			a.say("%v", f.fault)
			r.failed = true
			continue
		}
		r.findings = append(r.findings, f.findings...)
		maps.Copy(r.sources, f.sources)
		f.findings, f.sources = nil, nil
		r.counts.Files += f.counts.Files
		r.counts.Policies += f.counts.Policies
		r.counts.Assumed = append(r.counts.Assumed, f.counts.Assumed...)
		r.counts.Error += f.counts.Error
		r.counts.Warning += f.counts.Warning
		r.counts.Info += f.counts.Info
		r.counts.Suppressed += f.counts.Suppressed
	}
	return r, nil
}

func (a *app) checkTarget(ctx context.Context, c *checker, t target, r *run) (checked, error) {
	if err := ctx.Err(); err != nil {
		return checked{}, err
	}
	var text []byte
	var err error
	if t.name == stdin {
		text, err = readAll(a.stdio.In)
		r.stdin = text // it is among the targets once
	} else {
		text, err = readFile(t.name)
	}
	if err != nil {
		return checked{name: t.name, fault: err}, nil
	}
	return c.file(ctx, compiler.Input{Name: t.name, Text: text, Configuration: t.configuration, Spec: t.spec})
}

// objects says whether something at or over a severity was found.
func (r *run) objects(fail diag.Severity) bool {
	switch fail {
	case diag.Error:
		return r.counts.Error > 0
	case diag.Warning:
		return r.counts.Error+r.counts.Warning > 0
	default:
		return r.counts.Error+r.counts.Warning+r.counts.Info > 0
	}
}
