package rules

import (
	"context"

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
	j := whole.judgement(context.Background(), nil)
	j.target(t)
	all := make([]Input, len(j.subjects))
	for i, subject := range j.subjects {
		value, err := ast.JSON(subject.input(whole.plan(nil)).Value)
		if err != nil {
			return nil, errorf("%w", err)
		}
		all[i] = Input{subject.kind, value}
	}
	return all, nil
}
