package cli

import (
	"context"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
)

// collectInputs finds the files of a run and reports those that cannot be read; faulty says that there were such.
// A run without a file is an error.
func (a *app) collectInputs(l *keypolicy.Linter, args []string, templates bool) (inputs []keypolicy.Input, faulty bool, err error) {
	list := l.List(disk.Slashed(args), templates)
	for _, passed := range list.Passed {
		a.say("%s", passed)
	}
	for _, fault := range list.Faults {
		a.say("%v", fault)
	}
	switch {
	case len(list.Inputs) > 0:
		for _, unread := range list.Unread {
			a.say("%s", unread)
		}
		return list.Inputs, len(list.Faults) > 0, nil
	case len(list.Faults) > 0:
		return nil, true, errReported
	default:
		return nil, false, list.Empty()
	}
}

// check runs the linter on the inputs, stdin among them, and reports those that cannot be read.
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
	a.sayRead(l, read)
	a.sayExcluded(read)
	defer a.printed.flush(a.stdio.Err)
	progress := bar{}
	if len(read) >= manyFiles {
		progress = a.bar(len(read), "checking files")
	}
	o.Checked = progress.step
	run, err := l.Run(ctx, read, o)
	progress.close()
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

// manyFiles is how many files take long enough for a bar that shows how far it is.
const manyFiles = 50

// sayExcluded says how many files are read although the configuration excludes them.
func (a *app) sayExcluded(inputs []keypolicy.Input) {
	n := 0
	for _, in := range inputs {
		if in.IsExcluded() {
			n++
		}
	}
	if n > 0 && !a.flags.quiet {
		a.say("%s by what --enforce names, and by nothing else", count(n, "file or module that `exclude` leaves out is judged", "files or modules that `exclude` leaves out are judged"))
	}
}

// sayRead says, with --verbose, which files are read.
func (a *app) sayRead(l *keypolicy.Linter, inputs []keypolicy.Input) {
	if !a.flags.verbose {
		return
	}
	if file := l.Configuration.File; file != "" {
		a.say("read %s", report.Escape(file))
	}
	for _, in := range inputs {
		a.say("read %s", report.Escape(in.Name))
	}
}

// readStdin reads the standard input up to the limit.
func (a *app) readStdin() ([]byte, error) {
	text, err := keypolicy.ReadText(a.stdio.In)
	if err != nil {
		return nil, keypolicy.ReadError(keypolicy.Stdin, err)
	}
	if text == nil {
		text = []byte{}
	}
	return text, nil
}
