package uses

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// Judge reports whether policies of one document and key let the key be used. It is not safe for concurrent use.
type Judge struct {
	doc        *policy.Document
	env        access.Env
	simulators map[location]*access.Simulator
	allowing   map[location]*access.Simulator // the same without Deny statements
	allows     func() *policy.Document        // doc without Deny statements
	values     map[string][]string            // what [Judge.written] has found, by key in lower case
	about      map[string]string              // what is known of the key, by the names of builtins
	principals []policy.Principal             // of the Allow statements
	named      map[string]bool                // their texts
	accounts   func() []string                // those that the document names
}

// location is what is supposed of a key of which that is not known.
type location struct{ account, region string }

// NewJudge prepares a judge; it costs little till it is asked.
func NewJudge(doc *policy.Document, env access.Env) *Judge {
	j := &Judge{
		doc: doc, env: env, simulators: map[location]*access.Simulator{}, allowing: map[location]*access.Simulator{},
		values: map[string][]string{}, about: aboutKey(doc, env), principals: principalsOf(doc), named: map[string]bool{},
		accounts: sync.OnceValue(func() []string { return access.Accounts(doc) }),
		allows: sync.OnceValue(func() *policy.Document {
			allows := *doc
			allows.Statements = slices.DeleteFunc(slices.Clone(doc.Statements), func(st policy.Statement) bool { return st.Effect.Value == "Deny" })
			return &allows
		}),
	}
	for _, p := range j.principals {
		j.named[p.Text] = true
	}
	return j
}

// nearest is how many of the ways to fill in what is not given are looked at closely.
const nearest = 8

// Ask says what the policy makes of a use. What is not given is whatever serves the use best.
func (j *Judge) Ask(asked Asked) Answer {
	answers := j.decided(asked, nearest)
	if wrongKey, wrongRegion := j.wrongKey(asked.Use), j.wrongRegion(asked.Use); wrongKey || wrongRegion {
		answer := answers[0]
		answer.Verdict, answer.WrongKey, answer.WrongRegion = Refused, wrongKey, wrongRegion
		return answer
	}
	if answers[0].Verdict == Fulfilled {
		return j.inRegion(asked.Use, answers[0])
	}
	for i := range answers {
		j.explain(asked.Use, &answers[i])
	}
	return j.inRegion(asked.Use, slices.MinFunc(answers, compare))
}

// inRegion is an answer that is Unknown at best where it depends on the Region of the key and that is not known.
func (j *Judge) inRegion(use facts.Use, answer Answer) Answer {
	if len(use.Regions) > 0 && j.about["region"] == "" {
		answer.OpenRegion = true
		answer.Verdict = worse(answer.Verdict, Unknown)
	}
	return answer
}

// Fulfils gives the answer where the policy lets the key be used unchanged.
func (j *Judge) Fulfils(asked Asked) (Answer, bool) {
	if wrongKey, wrongRegion := j.wrongKey(asked.Use), j.wrongRegion(asked.Use); wrongKey || wrongRegion {
		return Answer{Verdict: Refused, WrongKey: wrongKey, WrongRegion: wrongRegion}, false
	}
	answer := j.decided(asked, 1)[0]
	return answer, answer.Verdict == Fulfilled
}

// wrongKey reports whether the key is known to be of another kind than a use works with.
func (j *Judge) wrongKey(use facts.Use) bool {
	keySpec, keyUsage := use.NeedsKey()
	return j.env.KeySpec != "" && j.env.KeySpec != keySpec || j.env.KeyUsage != "" && j.env.KeyUsage != keyUsage
}

// wrongRegion reports whether the key is known to be in another Region than those that a use works with.
func (j *Judge) wrongRegion(use facts.Use) bool {
	region := j.about["region"]
	return len(use.Regions) > 0 && region != "" && !slices.Contains(use.Regions, region)
}

// decided are the best answers, before it is asked what is in the way; at least one. Where only the best is wanted, an answer is not
// worked out further once it cannot be better than that: with each request the three counts that compare looks at stay or grow.
func (j *Judge) decided(asked Asked, most int) []Answer {
	var answers, contradictory []Answer
	var last step
	for values := range j.suppositions(asked) {
		var best *Answer
		if most == 1 && len(answers) > 0 {
			best = &answers[0]
		}
		a, whole := j.decide(asked, values, best, &last)
		switch {
		case !whole:
			continue
		case slices.ContainsFunc(a.Requests, func(r Decided) bool { return r.contradictory }):
			contradictory = append(contradictory, a)
			continue
		case a.Verdict == Fulfilled:
			return []Answer{a}
		case best != nil:
			if compare(a, *best) < 0 {
				*best = a
			}
			continue
		}
		answers = append(answers, a)
	}
	if len(answers) == 0 {
		answers = contradictory // as what is given contradicts itself
	}
	slices.SortStableFunc(answers, compare)
	return answers[:min(most, len(answers))]
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

// best decides a request for an action, or for the actions that a pattern represents: of those one has to be allowed.
func (j *Judge) best(use facts.Use, r filled, written string, values supposed) Decided {
	best := Decided{Written: written}
	for _, action := range facts.MatchActions(written) {
		if a, _ := facts.LookupAction(action); !a.EffectiveInKeyPolicy {
			continue // that is not a request to a key
		}
		one := j.one(use, r, action, values)
		one.Written = written
		if best.Action == "" || one.Verdict.badness() < best.Verdict.badness() {
			best = one
		}
	}
	return best
}

func (j *Judge) one(use facts.Use, r filled, action string, values supposed) Decided {
	out := Decided{Principal: r.principal, Action: action, Context: r.context}
	result, err := j.simulator(j.simulators, j.doc, values).Simulate(access.Request{Principal: r.principal, Action: action, Context: maps.Clone(r.context)})
	if refused, ok := errors.AsType[*access.RequestError](err); ok {
		out.Decision, out.Verdict, out.Reasons, out.contradictory = access.Undecided, Unknown, []string{refused.Message}, true
		return out
	}
	out.Decision, out.Reasons = result.Decision, result.Reasons
	out.Verdict = verdictOf(use.Way, result.Decision)
	if out.Verdict == Unknown && !j.mayBeAllowed(out, values) {
		out.Verdict = Refused // by which statement is not known, or by none
	}
	for _, st := range result.Statements {
		out.Statements = append(out.Statements, st.Index)
	}
	if result.Decision == access.ExplicitDeny {
		for _, st := range result.Statements {
			out.Obstacles = append(out.Obstacles, Obstacle{Kind: DenyStatement, Statement: st.Index, Path: st.Path})
		}
	}
	return out
}

func verdictOf(way facts.Way, d access.Decision) Verdict {
	switch d {
	case access.Allowed:
		return Fulfilled
	case access.NeedsIdentityPolicy:
		if way == facts.WayKeyPolicy { // a service-linked role, whose policy cannot be changed
			return Refused
		}
		return NeedsIdentity
	case access.Undecided:
		return Unknown
	case access.ExplicitDeny, access.ImplicitDeny:
		return Refused
	default:
		return Refused
	}
}

// mayBeAllowed reports whether a request that cannot be decided would get in were it not for Deny statements.
func (j *Judge) mayBeAllowed(r Decided, values supposed) bool {
	result, err := j.simulator(j.allowing, j.allows(), values).Simulate(access.Request{Principal: r.Principal, Action: r.Action, Context: maps.Clone(r.Context)})
	return err != nil || result.Decision != access.ImplicitDeny
}

func (j *Judge) simulator(of map[location]*access.Simulator, doc *policy.Document, values supposed) *access.Simulator {
	at := location{values["account"], values["region"]}
	s := of[at]
	if s == nil {
		s = access.NewSimulator(doc, j.envAt(at))
		of[at] = s
	}
	return s
}

func (j *Judge) envAt(at location) access.Env {
	env := j.env
	env.Account = cmp.Or(env.Account, at.account)
	env.Region = cmp.Or(env.Region, at.region)
	return env
}
