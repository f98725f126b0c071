package rules

import (
	"github.com/open-policy-agent/opa/v1/ast"
)

// Input is what the rules about one subject of a target see, as plain JSON values: what `compile --to input` prints.
type Input struct {
	Subject Subject
	Value   any
}

// Inputs makes the inputs of a target: its spec's, and each policy's with those of its statements. All parts are in them.
func (s *Set) Inputs(t Target) ([]Input, error) {
	whole := *s
	whole.opts.AskAll, whole.plans = true, &plans{known: map[string]*plan{}}
	ev := whole.evaluation(nil)
	ev.target(t)
	all := make([]Input, len(ev.subjects))
	for i, subject := range ev.subjects {
		value, err := ast.JSON(subject.input(whole.plan(nil)).Value)
		if err != nil {
			return nil, errorf("%w", err)
		}
		all[i] = Input{subject.kind, value}
	}
	return all, nil
}
