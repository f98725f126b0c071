package keypolicy

import (
	"context"
	"errors"
)

// Result is what was found, as `keypolicy lint --format json` writes it.
type Result struct {
	Version  int             `json:"version"`  // of this form: 1
	Findings []Finding       `json:"findings"` // by file, line, column and rule
	Policies []AssumedPolicy `json:"policies,omitempty"`
	Summary  Summary         `json:"summary"`
}

// Result is what the run found.
func (r *Run) Result() *Result {
	return &Result{Version: 1, Findings: NewFindings(r.Findings), Policies: r.Summary.Assumed, Summary: r.Summary}
}

// ErrNoFiles says that there is nothing to read.
var ErrNoFiles = errors.New("there is nothing to read: name a file, or call a spec NAME.keypolicy.yaml, or write `include` into .keypolicy.yaml")

// ErrNoKeys says that the Terraform modules that were named have nothing to do with KMS. It is an [ErrNoFiles].
var ErrNoKeys error = emptyError("no Terraform module there has to do with KMS")

// Lint checks files, and the files of folders; without a name those of the working folder, and the configuration's templates.
// Where some cannot be read, the result is that of the others, and the error says why. Without a file it is [ErrNoFiles].
func (l *Linter) Lint(ctx context.Context, names ...string) (*Result, error) {
	whole := len(names) == 0 && l.Configuration.IsHere()
	options := RunOptions{SpecsOnly: true, Whole: whole}
	run, err := l.named(ctx, names, true, options)
	if errors.Is(err, ErrNoKeys) {
		run, err = l.Run(ctx, nil, options)
	}
	if run == nil {
		return nil, err
	}
	return run.Result(), err
}

// LintText checks one text, as a file of the name. Every mapping in it is a spec.
func (l *Linter) LintText(ctx context.Context, name string, text []byte) (*Result, error) {
	run, err := l.Run(ctx, []Input{textInput(name, text)}, RunOptions{SpecsOnly: true})
	if err != nil {
		return nil, err
	}
	return run.Result(), nil
}

func textInput(name string, text []byte) Input {
	if text == nil {
		text = []byte{}
	}
	return Input{Name: name, Text: text, Spec: true}
}

// named runs on what names represent.
func (l *Linter) named(ctx context.Context, names []string, templates bool, o RunOptions) (*Run, error) {
	list := l.List(names, templates)
	if len(list.Inputs) == 0 {
		return nil, errors.Join(append(list.Faults, list.Empty())...)
	}
	run, err := l.Run(ctx, list.Inputs, o)
	if err != nil {
		return nil, err
	}
	return run, errors.Join(append(list.Faults, run.Faults()...)...)
}
