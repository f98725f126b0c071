package rules

import "github.com/open-policy-agent/opa/v1/ast"

// Input is what the rules about one subject of a target see, as plain JSON values: what `compile --to input` prints.
type Input struct {
	Subject Subject
	Value   any
}

// Inputs makes the inputs of a target: its spec's, and each policy's with those of its statements.
func (s *Set) Inputs(t Target) ([]Input, error) {
	var all []Input
	add := func(subject Subject, term *ast.Term, err error) error {
		if err != nil {
			return err
		}
		value, err := ast.JSON(term.Value)
		if err != nil {
			return errorf("%w", err)
		}
		all = append(all, Input{subject, value})
		return nil
	}
	if t.Spec != nil && t.Spec.Root != nil {
		if err := add(Spec, s.input.spec(t.Spec, t.Policies, t.Template), nil); err != nil {
			return nil, err
		}
	}
	for _, p := range t.Policies {
		m := s.input.meaning(p)
		parts := map[Part]bool{}
		for _, part := range allParts {
			parts[part] = true
		}
		term, err := s.input.policy(p, m, parts, t.Template)
		if err := add(Policy, term, err); err != nil {
			return nil, err
		}
		for i := range p.Document.Statements {
			term, err := s.input.statement(p, &p.Document.Statements[i], m, parts, t.Template)
			if err := add(Statement, term, err); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}
