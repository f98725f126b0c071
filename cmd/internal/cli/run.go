package cli

import (
	"context"

	"github.com/keypolicy/keypolicy"
)

// gather finds the files of a run and tells of those that are not to be had; faulty says that there were such.
// A run without a file is an error.
func (a *app) gather(l *keypolicy.Linter, args []string, templates bool) (inputs []keypolicy.Input, faulty bool, err error) {
	list := l.List(slashed(args), templates)
	for _, passed := range list.Passed {
		a.say("%s", passed)
	}
	for _, fault := range list.Faults {
		a.say("%v", fault)
	}
	switch {
	case len(list.Inputs) > 0:
		return list.Inputs, len(list.Faults) > 0, nil
	case len(list.Faults) > 0:
		return nil, true, errTold
	default:
		return nil, false, keypolicy.ErrNoFiles
	}
}

// check runs the linter on the inputs, stdin among them, and tells of those that cannot be read.
func (a *app) check(ctx context.Context, l *keypolicy.Linter, inputs []keypolicy.Input, o keypolicy.RunOptions) (*keypolicy.Run, error) {
	var fault error
	read := make([]keypolicy.Input, 0, len(inputs))
	for _, in := range inputs {
		if in.Name == keypolicy.Stdin {
			if in.Text, fault = a.readStdin(); fault != nil {
				continue
			}
		}
		read = append(read, in)
	}
	defer a.printed.flush(a.stdio.Err)
	run, err := l.Run(ctx, read, o)
	if err != nil {
		return nil, err
	}
	run.Failed = run.Failed || fault != nil
	for _, f := range append(run.Faults(), fault) {
		if f != nil {
			a.say("%v", f)
		}
	}
	return run, nil
}
