package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// Simulator decides requests by one policy, which it compiles once. It is not safe for concurrent use.
type Simulator struct {
	doc    *policy.Document
	env    Env
	named  []string          // the accounts that the policy names
	models map[string]*model // by the account that is supposed for the key
	parsed map[parsedCaller]parsedCallers
	steps  int
}

// parsedCaller is a principal of a request that was read, under an account supposed for the key.
type parsedCaller struct{ owner, text string }

// parsedCallers are who that can be.
type parsedCallers struct {
	callers []caller
	err     error
}

// NewSimulator prepares a simulator; it costs little till it is asked.
func NewSimulator(doc *policy.Document, env Env) *Simulator {
	return &Simulator{doc: doc, env: env, named: possibleOwners(doc), models: map[string]*model{}, parsed: map[parsedCaller]parsedCallers{}}
}

// owners are the accounts to suppose for the key of a request by a principal.
func (s *Simulator) owners(principal string) []string {
	if known := knownOwner(s.env); known != "" {
		return []string{known}
	}
	s.steps += len(s.named)
	return owners(s.env, append(slices.Clip(s.named), accountsIn(principal)...))
}

// model is the policy with an account supposed for the key.
func (s *Simulator) model(owner string) *model {
	m := s.models[owner]
	if m == nil {
		m = newModel(s.doc, s.env, owner)
		m.work = &s.steps
		s.models[owner] = m
		s.steps += m.stepsOfReading()
	}
	return m
}

// callers reads a principal once: who it is depends on the text and on the policy and key of the model.
func (s *Simulator) callers(m *model, text string) ([]caller, error) {
	at := parsedCaller{m.owner, text}
	found, ok := s.parsed[at]
	if !ok {
		found.callers, found.err = m.parseCaller(text)
		s.parsed[at] = found
	}
	return found.callers, found.err
}

// Steps are about the machine words that the simulator has looked at till now: they depend on what it was asked, and in which order, not
// on the machine.
func (s *Simulator) Steps() int { return s.steps }

// Simulate decides one request by a policy. A request that cannot be is a *RequestError.
func Simulate(doc *policy.Document, env Env, req Request) (Simulation, error) {
	return NewSimulator(doc, env).Simulate(req)
}

// Simulate decides one request. A request that cannot be is a *RequestError.
// The request is decided under each account that the key may be in, and for each path that a role may have; what
// they agree on is the decision. It looks at no identity policy: NeedsIdentityPolicy says that one decides.
func (s *Simulator) Simulate(req Request) (Simulation, error) {
	fact, ok := facts.LookupAction(req.Action)
	if !ok {
		return Simulation{}, unknownAction(req.Action)
	}
	a := actionOf(fact)
	var all []verdict
	var last *model
	supposed := s.owners(req.Principal)
	for i, owner := range supposed {
		m := s.model(owner)
		if i > 0 && len(supposed)*m.stepsOfReading() > stepsOfOwners {
			v := verdict{decision: Undecided, reasons: []string{reasonOwners}, kind: ReasonBudget}
			return m.simulation(v), nil
		}
		found, err := s.callers(m, req.Principal)
		if err != nil {
			return Simulation{}, err
		}
		verdicts, err := m.decide(req, a, m.pathFromContext(req, found))
		if err != nil {
			return Simulation{}, err
		}
		all = append(all, verdicts...)
		last = m
	}
	return last.simulation(last.mayBeDenied(fold(all, s.env))), nil
}

// mayBeDenied leaves open what is allowed where the policy may have more statements: one of them may deny it.
func (m *model) mayBeDenied(v verdict) verdict {
	if m.further && getsIn(v.decision) {
		reason := m.statements[m.written()].reasons[0]
		v.decision, v.reasons, v.kind = Undecided, []string{reason.Text}, reason.Kind
	}
	return v
}

// unknownAction says what to write instead: a pattern is not an action, and kms:ReEncrypt is checked as two.
// https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html
func unknownAction(name string) error {
	start := strings.ToLower(strings.TrimRight(name, "*?"))
	var names, begun []string
	for _, n := range facts.ActionNames() {
		if strings.ContainsAny(n, "*?") {
			continue
		}
		names = append(names, n)
		if strings.HasPrefix(strings.ToLower(n), start) {
			begun = append(begun, n)
		}
	}
	if n := len(begun); n > 0 && n <= 6 && start != "kms:" {
		return refuse("KMS has no action %q; write %s, one request each.", name, strings.Join(begun, " or "))
	}
	if near, ok := facts.Nearest(name, names); ok {
		return refuse("KMS has no action %q; did you mean %s?", name, near)
	}
	return refuse("KMS has no action %q: write one as kms:Decrypt.", name)
}

// pathFromContext takes the path of a session's role from aws:PrincipalArn, where the request gives it.
func (m *model) pathFromContext(req Request, callers []caller) []caller {
	c := callers[0]
	if c.kind != callerSession || c.anySession {
		return callers
	}
	for name, values := range req.Context {
		if facts.KeySays(strings.ToLower(name)) != facts.CallerARN || len(values) != 1 {
			continue
		}
		if p := policy.ReadPrincipal("AWS", values[0], nil); p.Kind == policy.Role && p.Account == c.account && p.Name == c.name {
			c.path = p.NamePath
			return []caller{c}
		}
	}
	return callers
}

// decide gives the verdict for each caller that the principal can be. A context that rules a caller out leaves the others.
func (m *model) decide(req Request, a action, callers []caller) ([]verdict, error) {
	var verdicts []verdict
	var refused error
	for i := range callers {
		c := callers[i]
		ctx, err := m.readContext(req, a, &c)
		if err != nil {
			refused = err
			continue
		}
		r := &request{caller: c, action: a, ctx: ctx, work: m.work}
		r.count(m.stepsOfRequest())
		m.fillIn(r)
		v := m.evaluate(r)
		v.reasons = append(v.reasons, m.doubts(r)...)
		verdicts = append(verdicts, v)
	}
	if len(verdicts) == 0 {
		return nil, refused
	}
	return verdicts, nil
}

// doubts says of which keys that are given, and that the policy looks at, AWS's pages contradict each other whether the caller's
// requests have them. What is given counts as sent.
func (m *model) doubts(r *request) []string {
	var list []string
	for _, lower := range m.lookedAt() {
		if k := m.key(lower); k.known && len(r.ctx[lower]) > 0 && k.sent(r.caller.kind) == facts.SentNotKnown {
			list = append(list, k.name+" is not known to be sent by "+r.caller.reported()+": AWS's pages contradict each other. It counts as sent, as it is given.")
		}
	}
	return list
}

// fold makes one verdict of those for every account that the key can be in.
// One account that decides otherwise makes the whole answer unknown, and all statements that had a part in any are
// listed: the reader knows his account, and can see which of them apply.
func fold(all []verdict, env Env) verdict {
	out := all[0]
	for _, v := range all[1:] {
		if v.decision != out.decision {
			reason := "It depends on the key's account, which is not known."
			if env.Account != "" {
				reason = "It depends on the path of the role, which the session's ARN does not show."
			}
			out = verdict{decision: Undecided, reasons: []string{reason}, kind: ReasonNotYetKnown}
			break
		}
	}
	if out.decision == Undecided {
		for _, v := range all {
			out.statements = append(out.statements, v.statements...)
			out.reasons = append(out.reasons, v.reasons...)
			if out.kind.rank() < v.kind.rank() {
				out.kind = v.kind
			}
		}
	}
	slices.Sort(out.statements)
	out.statements = slices.Compact(out.statements)
	slices.Sort(out.reasons)
	out.reasons = slices.Compact(out.reasons)
	return out
}

func (m *model) simulation(v verdict) Simulation {
	s := Simulation{Decision: v.decision, Statements: []DecidingStatement{}, Reasons: []string{}, Undecided: v.kind}
	for _, i := range v.statements {
		if i >= m.written() {
			continue
		}
		src := m.statements[i].src
		s.Statements = append(s.Statements, DecidingStatement{Index: src.Index, Sid: src.Sid.Value, Effect: src.Effect.Value, Path: src.Path})
	}
	s.Reasons = append(s.Reasons, v.reasons...)
	return s
}
