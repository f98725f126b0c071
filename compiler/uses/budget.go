package uses

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access"
)

// The steps that a judge may take, in those of [access.Simulator.Steps]. What goes over them is unknown. They depend neither on the
// machine nor on what else is asked, and keep the uses of any policy of 32 KB within a second.
const (
	stepsOfQuestion = 4_000_000  // one use
	stepsOfPolicy   = 16_000_000 // all uses that are asked of a policy
)

const reasonSteps = "What the policy names can be combined in more ways than keypolicy tries: use fewer values and patterns, or say more of the use and of the key."

// Sharing says that a question is one of several about the policy, which share the steps.
func (j *Judge) Sharing(questions int) *Judge {
	j.steps = min(stepsOfQuestion, stepsOfPolicy/max(1, questions))
	return j
}

// meter is what is left of a question's steps.
type meter struct {
	left int
	cut  bool // something was not looked at, as the steps or the places for values did not suffice
}

// simulate decides a request, as long as there are steps left.
func (m *meter) simulate(s *access.Simulator, r access.Request) (access.Simulation, error) {
	if m.left <= 0 {
		m.cut = true
		return access.Simulation{Decision: access.Undecided, Reasons: []string{reasonSteps}, Undecided: access.ReasonBudget}, nil
	}
	before := s.Steps()
	result, err := s.Simulate(r)
	m.left -= s.Steps() - before
	return result, err
}

// settle makes an answer unknown where the search for a better one was cut, unless there cannot be any.
func (j *Judge) settle(asked Asked, a Answer) Answer {
	if !j.meter.cut || a.Verdict == Fulfilled || a.WrongKey || a.WrongRegion || j.cannotBe(asked) {
		return a
	}
	a.Verdict = Unknown
	for i := range a.Requests {
		r := &a.Requests[i]
		if r.Verdict == Fulfilled {
			continue
		}
		r.Verdict, r.Undecided, r.Obstacles = Unknown, access.ReasonBudget, nil
		if !slices.Contains(r.Reasons, reasonSteps) {
			r.Reasons = append(slices.Clip(r.Reasons), reasonSteps)
		}
	}
	return a
}
