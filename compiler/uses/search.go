package uses

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// decided are the best answers, before it is asked what is in the way; at least one. An answer is not worked out further once it cannot
// be one of them: with each request the three counts that compare looks at stay or grow.
func (j *Judge) decided(asked Asked, most int) []Answer {
	var answers, contradictory []Answer
	var last step
	for values := range j.suppositions(asked) {
		if j.meter.left <= 0 && len(answers)+len(contradictory) > 0 {
			j.meter.cut = true
			break
		}
		var than *Answer
		if len(answers) == most {
			than = &answers[most-1]
		}
		a, whole := j.decide(asked, values, than, &last)
		switch {
		case !whole:
		case slices.ContainsFunc(a.Requests, func(r Decided) bool { return r.contradictory }):
			if len(contradictory) < most {
				contradictory = append(contradictory, a)
			}
		case a.Verdict == Fulfilled:
			return []Answer{a}
		default:
			after := slices.IndexFunc(answers, func(b Answer) bool { return compare(a, b) < 0 })
			if after < 0 {
				after = len(answers)
			}
			answers = slices.Insert(answers, after, a)
			answers = answers[:min(most, len(answers))]
		}
	}
	if len(answers) == 0 {
		slices.SortStableFunc(contradictory, compare)
		return contradictory // as what is given contradicts itself
	}
	return answers
}

// compare puts the answer first that is nearer to what the use needs.
func compare(a, b Answer) int {
	return cmp.Or(
		cmp.Compare(a.Verdict.badness(), b.Verdict.badness()), cmp.Compare(a.refused(), b.refused()), cmp.Compare(a.obstacles(), b.obstacles()),
	)
}

func (a Answer) refused() int {
	n := 0
	for _, r := range a.Requests {
		if r.Verdict != Fulfilled && r.Verdict != NeedsIdentity {
			n++
		}
	}
	return n
}

// obstacles counts what is in the way. A request for which there is nothing at all is the farthest from its goal.
func (a Answer) obstacles() int {
	const nothing = 100
	n := 0
	for _, r := range a.Requests {
		switch {
		case r.Verdict == Fulfilled || r.Verdict == NeedsIdentity:
		case len(r.Obstacles) == 0:
			n += nothing
		default:
			n += len(r.Obstacles)
		}
	}
	return n
}

// step is one of the questions of which an answer is made: a request of a use, one of the principals, one of the actions.
type step struct{ request, principal, action int }

// decide works an answer out, unless it cannot be better than another one; whole is false then, and last the step that decided
// it. That step is asked first the next time, as what refuses one caller mostly refuses the next, and one step bounds the answer too.
func (j *Judge) decide(asked Asked, values supposed, than *Answer, last *step) (a Answer, whole bool) {
	if than != nil && j.decides(asked, values, than, *last) {
		return Answer{}, false
	}
	a = Answer{Verdict: Fulfilled, Values: map[string]string{}}
	for name, value := range values {
		if !isBuiltin(name) || j.about[name] == "" {
			a.Values[name] = value
		}
	}
	for i, r := range asked.Use.Requests {
		for k, filled := range values.fill(r, asked.Given) {
			for n, written := range r.Actions {
				one := j.best(asked.Use, filled, written, values)
				one.Caller = j.caller(asked, r, one.Principal)
				a.Requests = append(a.Requests, one)
				a.Verdict = worse(a.Verdict, one.Verdict)
				if than != nil && compare(a, *than) >= 0 {
					*last = step{i, k, n}
					return a, false
				}
			}
		}
	}
	return a, true
}

// decides reports whether a step by itself makes the answer at most as good as another one.
func (j *Judge) decides(asked Asked, values supposed, than *Answer, at step) bool {
	r := asked.Use.Requests[at.request]
	one := j.best(asked.Use, values.fill(r, asked.Given)[at.principal], r.Actions[at.action], values)
	return compare(Answer{Verdict: one.Verdict, Requests: []Decided{one}}, *than) >= 0
}

// caller says where the principal of a request comes from.
func (j *Judge) caller(asked Asked, r facts.UseRequest, principal string) Caller {
	supposed := strings.HasSuffix(r.Principal, exampleRole)
	for _, part := range split(r.Principal) {
		supposed = supposed || asked.Use.Parameters[part.name].Principals && len(asked.Given[part.name]) == 0
	}
	switch {
	case !supposed:
		return GivenCaller
	case j.named[principal]:
		return NearestCaller
	default:
		return ExampleCaller
	}
}

// exampleRole is how the facts have a role of an account of which any will do.
const exampleRole = ":role/example"
