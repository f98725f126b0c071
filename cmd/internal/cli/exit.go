package cli

import "errors"

// The exit codes. Where several hold, 2 beats 1 beats 3.
const (
	exitOK      = 0 // done, and nothing to object to
	exitObject  = 1 // done, and there is something
	exitFailed  = 2 // could not be done
	exitChanges = 3 // plan --detailed-exitcode: there are changes
)

// errFindings ends a command whose results are reported and are something to object to.
var errFindings = errors.New("something to object to")

// errReported ends a command that could not be done and has said why.
var errReported = errors.New("reported")

// errInterrupted ends a command whose user has had enough of it.
var errInterrupted = errors.New("interrupted")

// errChanges ends a plan that has changes, where it was asked to say so.
var errChanges = errors.New("there are changes")

// exitCode gives a command's error its exit code.
func exitCode(err error) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errFindings):
		return exitObject
	case errors.Is(err, errChanges):
		return exitChanges
	default:
		return exitFailed
	}
}

// outcome is the error for what a run met.
func outcome(failed, objection bool) error {
	switch {
	case failed:
		return errReported
	case objection:
		return errFindings
	default:
		return nil
	}
}
