package access

import (
	"math"

	"github.com/keypolicy/keypolicy/compiler/glob"
)

// Budget bounds an analysis; a zero field represents its default. What goes over it is unknown.
//
// It is counted in work and not in time, and split between the questions beforehand. So an answer depends neither on the
// machine, nor on what else is analysed, nor on which other questions are asked and in which order.
// A time limit would give two answers to the same policy, on a laptop and on a busy runner, and one of them would
// be "unknown" in a pull request that nobody changed.
type Budget struct {
	Steps   int // machine words that the search looks at, over all questions
	Memory  int // bytes that the search holds at any time, roughly
	Classes int // classes of values of one condition key

	afterInexact int // part of the states that a search for callers may use, see callerSet.find
}

// The defaults keep any policy of up to 32 KB under two seconds and 500 MB, and decide every real policy that is known.
const (
	defaultSteps   = 800_000_000
	defaultMemory  = 96 << 20
	defaultClasses = 4_000

	defaultAfterInexact = 8
)

func (b Budget) steps() int   { return orDefault(b.Steps, defaultSteps) }
func (b Budget) memory() int  { return orDefault(b.Memory, defaultMemory) }
func (b Budget) classes() int { return orDefault(b.Classes, defaultClasses) }

func orDefault(n, standard int) int {
	if n > 0 {
		return n
	}
	return standard
}

// share is what a part of an analysis may use of its budget, in hundredths. The shares of an analysis's questions make up
// no more than the whole: each is bounded by itself.
// Who can still change the policy must be answered whatever else is asked, so it has shares of its own, again for
// each part of the policy that it falls back to. The larger ones are those whose cost grows with the number of
// statements.
type share int

const (
	shareBuild        share = 24
	shareBuildOutside share = 7 // once more, for outsiders, where a caller's name is still to be filled in
	shareNarrowed     share = 4 // each part of the policy that the questions of editors are asked of
	shareLockout      share = 4 // of the policy, and of each such part
	shareEditing      share = 3 // likewise
	sharePublic       share = 4
	shareOutsiders    share = 8 // the statements' outsiders, together
	shareExternal     share = 7
	shareDeputies     share = 4
	shareStatements   share = 8
	shareMatrix       share = 5
	shareAble         share = 1
	shareUnattested   share = 1
	shareLeftovers    share = 2

	shareCompare share = 100 - shareBuild // of a pair of policies
)

// meter counts what is left of one part's share.
type meter struct {
	steps, bytes int
}

// meter gives a part its share; parts that are made several times, as for each account that is supposed, divide it.
func (b Budget) meter(of share, parts int) *meter {
	return &meter{steps: b.steps() / 100 * int(of) / parts, bytes: b.memory() / 2 / parts}
}

// unmetered is for a search that has a bound of its own.
func unmetered() *meter { return &meter{steps: math.MaxInt, bytes: math.MaxInt} }

// allowance is the part of what is left that one of several searches may use before it ends with what it has.
func (m *meter) Allowance() (steps, bytes int) { return m.steps / 4, m.bytes / 2 }

// divide leaves one of several equal parts.
func (m *meter) divide(parts int) { m.steps /= parts }

// overBudget unwinds a search whose share is used up. It never leaves the package: whoever asks recovers it and answers
// that it is not known.
// A panic is used since the search is recursive in several packages: errors through each level would cost more
// than the steps that are counted, and a forgotten check would be an answer from half a search.
type overBudget struct{}

// take uses some steps.
func (m *meter) Take(steps int) {
	if m.steps -= steps; m.steps < 0 {
		panic(overBudget{})
	}
}

// hold uses some memory till it is given back.
func (m *meter) hold(bytes int) {
	if m.bytes -= bytes; m.bytes < 0 {
		panic(overBudget{})
	}
}

// within runs a search and reports whether the budget sufficed.
func within(search func()) (sufficed bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, over := r.(overBudget); !over {
				panic(r)
			}
			sufficed = false
		}
	}()
	search()
	return true
}

// stepRequest and stepPattern are the steps that common work takes, in machine words looked at.
const (
	stepRequest    = 64   // to make up a request, a key
	stepsOfElement = 1024 // to compile a statement, a condition
)

// stepsOfOwners is what a request may take to read the policy under each account that the key can be in. It depends on the policy only,
// so that a simulator decides a request the same whatever it has decided before.
const stepsOfOwners = 40_000_000

// stepsOfReading are about those that compiling the policy took. Each request under several accounts asks for them.
func (m *model) stepsOfReading() int {
	if m.reading > 0 {
		return m.reading
	}
	for i := range m.statements {
		st := &m.statements[i]
		m.reading += stepsOfElement*(1+len(st.conditions)) + stepRequest*len(st.src.Principals)
		for j := range st.conditions {
			m.reading += 8*st.conditions[j].steps() + 2*stepRequest*len(st.conditions[j].values)
		}
	}
	return m.reading
}

// stepsOfRequest are about those that each request takes beside its conditions' values, for each look at all statements.
func (m *model) stepsOfRequest() int {
	n := stepRequest
	for i := range m.statements {
		n += stepRequest * (1 + len(m.statements[i].conditions))
	}
	return n
}

// decidingSteps are about the steps of deciding one request by all statements.
func (s *space) decidingSteps() int {
	n := 0
	for _, m := range s.models {
		for i := range m.statements {
			st := &m.statements[i]
			n += stepRequest + len(st.others)
			for j := range st.conditions {
				n += st.conditions[j].steps()
			}
		}
	}
	return n
}

// steps are about those of one evaluation of a condition on one value.
func (c *condition) steps() int {
	n := 8
	for i := range c.values {
		if v := &c.values[i]; v.pat == nil || v.plain {
			n += 2
		} else {
			n += glob.StepPattern * min(len(v.pat), 64)
		}
	}
	return n
}
