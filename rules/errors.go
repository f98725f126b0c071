package rules

import (
	"errors"
	"fmt"
	"sort"

	"github.com/open-policy-agent/opa/v1/ast"
)

func errorf(format string, args ...any) error { return fmt.Errorf("rules: "+format, args...) }

// compileError writes OPA's errors as one a line, each with the file, line and column of the rule.
func compileError(err error) error {
	var list ast.Errors
	if !errors.As(err, &list) {
		return fmt.Errorf("rules: %w", err)
	}
	sort.SliceStable(list, func(i, j int) bool {
		a, b := list[i].Location, list[j].Location
		if a == nil || b == nil {
			return b != nil
		}
		return a.Compare(b) < 0
	})
	all := make([]error, len(list))
	for i, e := range list {
		all[i] = located(e)
	}
	return errors.Join(all...)
}

func located(e *ast.Error) error {
	message := e.Message
	if e.Details != nil {
		for _, line := range e.Details.Lines() {
			message += "\n    " + line
		}
	}
	if e.Location == nil {
		return errorf("%s", message)
	}
	return fmt.Errorf("%s:%d:%d: %s", e.Location.File, e.Location.Row, e.Location.Col, message)
}
