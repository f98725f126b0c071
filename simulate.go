package keypolicy

import (
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// Simulation is the decision on one request, with the statements that it rests on.
type Simulation struct {
	Decision   Decision            `json:"decision"`
	Statements []DecidingStatement `json:"statements"`
	Reasons    []string            `json:"reasons"` // why it is not known, or what it rests on
	Account    *Account            `json:"account,omitempty"`
	Defaults   []string            `json:"defaults,omitempty"` // the variables whose defaults the policy rests on
}

// Refusal is the line that answers a request which is not valid, among those of `keypolicy simulate --requests`.
type Refusal struct {
	Decision string `json:"decision"` // error
	Error    string `json:"error"`
}

// DecidingStatement is a statement that a decision rests on.
type DecidingStatement struct {
	Index  int    `json:"index"`
	Sid    string `json:"sid"`
	Effect string `json:"effect"`
	Line   int    `json:"line"`
}

// Simulate decides a request as the one policy of a file does. A request that cannot be is an error.
func (l *Linter) Simulate(in Input, r Request) (*Simulation, error) {
	p, err := l.Policy(in, Pick{Document: AnyDocument})
	if err != nil {
		return nil, err
	}
	result, err := NewSimulator(p, l.Env(in.Name, p)).Simulate(access.Request(r))
	if err != nil {
		return nil, err
	}
	return NewSimulation(p, result), nil
}

// NewSimulation writes a decision by a policy.
func NewSimulation(p *spec.Compiled, s access.Simulation) *Simulation {
	account := accountOf(p)
	return &Simulation{
		Decision: Decision(s.Decision),
		Statements: converted(s.Statements, func(st access.DecidingStatement) DecidingStatement {
			return DecidingStatement{st.Index, st.Sid, st.Effect, statementLine(p, st.Index)}
		}),
		Reasons: nonNil(s.Reasons), Account: &account, Defaults: p.Defaults,
	}
}
