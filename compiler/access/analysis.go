package access

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

// Analysis answers questions about one policy, each when it is first asked. It is not safe for concurrent use: make one a
// goroutine. Reading one policy document from several is.
type Analysis struct {
	doc *policy.Document
	env Env

	assumptions func() []assumption
	outsideOf   func() []assumption                                // for the question of outsiders
	editors     func() (assumptions []assumption, everyAllow bool) // for those of who can change the policy
	lockout     func() Lockout
	external    func() []External
	deputies    func() []Deputy
	statements  func() []StatementReport
	matrix      func() []Row
	public      func() publicAnswer
	outsiders   map[int]publicAnswer // by statement
	plain       once[bool]
	able        once[Able]
	editing     once[Editing]
	unattested  once[Unattested]
	leftovers   once[[][]Leftover]

	openDeputies []int // statements of which it is not settled whether an untrusted account can drive a service by them

	unsettled reasons
	kinds     map[Question]ReasonKind
}

// once is an answer that is found when it is first asked for.
type once[T any] struct {
	sync.Once
	answer T
}

func (o *once[T]) ask(find func() T) T {
	o.Do(func() { o.answer = find() })
	return o.answer
}

// Question is one of those that an analysis answers.
type Question string

// The questions whose answers can be unknown. Each statement's outsider is a question of its own: see OutsiderUndecided.
const (
	AskLockout    Question = "lockout"
	AskEditing    Question = "editing"
	AskPublic     Question = "public"
	AskExternal   Question = "external"
	AskDeputies   Question = "confused_deputy"
	AskStatements Question = "statements"
	AskMatrix     Question = "matrix"
	AskAble       Question = "able"
	AskUnattested Question = "unattested"
	AskLeftovers  Question = "leftovers"
)

func askOutsider(statement int) Question { return Question("outsider/" + strconv.Itoa(statement)) }

// assumption is the policy with one account supposed for the key.
type assumption struct {
	s *space
	r *compiledPolicy
}

type publicAnswer struct {
	answer  Answer
	witness *Request
}

// maxOwners bounds the accounts that are supposed for a key whose account is not known.
const maxOwners = 8

// NewAnalysis prepares an analysis; it costs nothing till it is asked.
func NewAnalysis(doc *policy.Document, env Env) *Analysis {
	a := &Analysis{doc: doc, env: env, unsettled: reasons{}, kinds: map[Question]ReasonKind{}, outsiders: map[int]publicAnswer{}}
	a.assumptions = sync.OnceValue(func() []assumption { return a.buildAssumptions(a.env, shareBuild, nil) })
	a.editors = sync.OnceValues(a.editorAssumptions)
	a.outsideOf = sync.OnceValue(a.outsiderAssumptions)
	a.lockout = sync.OnceValue(a.findLockout)
	a.external = sync.OnceValue(a.findExternal)
	a.deputies = sync.OnceValue(a.findDeputies)
	a.statements = sync.OnceValue(a.findStatements)
	a.matrix = sync.OnceValue(a.findMatrix)
	a.public = sync.OnceValue(a.findPublic)
	return a
}

// Analyze answers all of an analysis's questions.
func Analyze(doc *policy.Document, env Env) *Report {
	a := NewAnalysis(doc, env)
	answer, _ := a.Public()
	return &Report{
		Lockout: a.Lockout(), External: a.External(), Public: answer,
		ConfusedDeputy: a.ConfusedDeputy(), Statements: a.Statements(), Matrix: a.Matrix(), Unknown: a.Unknown(),
	}
}

// outsiderAssumptions are the assumptions in which a caller's name that is yet to be filled in is no outsider's.
func (a *Analysis) outsiderAssumptions() []assumption {
	for _, v := range a.assumptions() {
		if v.s.models[0].namesOpenly() {
			env := a.env
			env.outsiders = true
			return a.buildAssumptions(env, shareBuildOutside, nil)
		}
	}
	return a.assumptions()
}

// buildAssumptions compiles the policy for each account supposed, or what narrow leaves of it.
func (a *Analysis) buildAssumptions(env Env, of share, narrow func(m *model)) []assumption {
	var list []assumption
	supposed := owners(a.env, possibleOwners(a.doc))
	if len(supposed) > maxOwners {
		a.unsettled.add(ReasonNotYetKnown, "The key's account is not known, and the policy names too many to suppose each.")
		supposed = append(supposed[:maxOwners-1:maxOwners-1], supposed[len(supposed)-1])
	}
	for _, owner := range supposed {
		m := newModel(a.doc, env, owner)
		if narrow != nil {
			narrow(m)
		}
		s := newSpace(env, env.Budget.meter(of, len(supposed)), nil, m)
		v := assumption{s: s}
		if !s.spent {
			v.r = s.policies[0]
		}
		list = append(list, v)
	}
	return list
}

// answers asks every assumption the question within its share of the budget; fallback makes the answer where that does not suffice.
func answers[T any](a *Analysis, q Question, of share, ask func(v assumption) T, fallback func() T) []T {
	return answersOf(a, a.assumptions(), q, of, ask, fallback)
}

func answersOf[T any](a *Analysis, assumptions []assumption, q Question, of share, ask func(v assumption) T, fallback func() T) []T {
	list := make([]T, len(assumptions))
	for i, v := range assumptions {
		v.s.meter, v.s.unknown = a.env.Budget.meter(of, len(assumptions)), maps.Clone(v.s.compiled)
		switch {
		case v.s.spent:
			list[i] = fallback()
			a.unsettle(q, ReasonBudget, reasonBuild)
		case !within(func() { list[i] = ask(v) }):
			list[i] = fallback()
			a.unsettle(q, ReasonBudget, reasonSearch)
		}
	}
	return list
}

// unsettle takes down that a question is not settled, and why.
func (a *Analysis) unsettle(q Question, kind ReasonKind, text string) {
	a.unsettled.add(kind, text)
	if a.kinds[q].rank() < kind.rank() {
		a.kinds[q] = kind
	}
}

// note takes over why the assumptions could not settle a question.
func (a *Analysis) note(q Question) { a.noteOf(a.assumptions(), q) }

func (a *Analysis) noteOf(assumptions []assumption, q Question) {
	why := reasons{}
	for _, v := range assumptions {
		why.addAll(v.s.unknown)
		if v.r != nil {
			for _, text := range v.r.m.unreadable {
				why.add(ReasonOpen, text)
			}
		}
	}
	for text, kind := range why {
		a.unsettle(q, kind, text)
	}
	if a.kinds[q] == "" {
		a.unsettle(q, ReasonBudget, reasonSearch)
	}
}

// Undecided says what would settle a question that was asked and is not settled; "" where it is.
func (a *Analysis) Undecided(q Question) ReasonKind { return a.kinds[q] }

// OutsiderUndecided is Undecided of whether a statement lets an outsider in.
func (a *Analysis) OutsiderUndecided(statement int) ReasonKind {
	return a.kinds[askOutsider(statement)]
}

// Lockout says who can change the policy.
func (a *Analysis) Lockout() Lockout { return a.lockout() }

func (a *Analysis) findLockout() Lockout {
	var out Lockout
	assumptions, everyAllow := a.editors()
	list := answersOf(a, assumptions, AskLockout, shareLockout, func(v assumption) Lockout {
		l := v.s.lockout(v.r)
		if a.env.Caller != "" {
			l.Caller = v.s.callerCheck(v.r, a.env.Caller)
		}
		if !everyAllow && l.Caller != CallerPass {
			l.Caller = CallerUnknown
		}
		return l
	}, unknownLockout)
	if anySpent(a.assumptions()) {
		a.unsettled.add(ReasonBudget, reasonBuild) // other statements may name more of the editors
	}
	for i, l := range list {
		if i == 0 {
			out = l
			continue
		}
		a.foldLockout(&out, l)
	}
	if out.Editors == EditorsUnknown || out.DurableAnswer == Unknown || out.RootUserAnswer == Unknown || a.env.Caller != "" && out.Caller == CallerUnknown {
		a.noteOf(assumptions, AskLockout)
	}
	if knownOwner(a.env) == "" && len(list) == 1 {
		for i := range out.Principals {
			out.Principals[i] = ownAccount(out.Principals[i])
		}
	}
	out.Durable, out.RootUser = out.DurableAnswer == Yes, out.RootUserAnswer == Yes
	return out
}

func unknownLockout() Lockout {
	return Lockout{Editors: EditorsUnknown, ByIdentityPolicy: EditorsUnknown, Caller: CallerUnknown, Principals: []string{}, DurableAnswer: Unknown, RootUserAnswer: Unknown}
}

func (a *Analysis) foldLockout(out *Lockout, l Lockout) {
	if out.Editors != l.Editors {
		out.Editors, out.Conditions, out.Witness = EditorsUnknown, Conditions{}, nil
		a.unsettle(AskLockout, ReasonNotYetKnown, "Who can change the policy: it depends on the key's account, which is not known.")
	}
	if out.ByIdentityPolicy != l.ByIdentityPolicy {
		out.ByIdentityPolicy = EditorsUnknown
	}
	if out.DurableAnswer != l.DurableAnswer {
		out.DurableAnswer = Unknown
	}
	if out.RootUserAnswer != l.RootUserAnswer {
		out.RootUserAnswer = Unknown
	}
	if out.Caller != l.Caller {
		out.Caller = CallerUnknown
	}
	out.Principals = slices.DeleteFunc(out.Principals, func(p string) bool { return !slices.Contains(l.Principals, p) })
}

// External lists the principals outside the trusted accounts and organizations that get in.
func (a *Analysis) External() []External { return a.external() }

func (a *Analysis) findExternal() []External {
	settled := true
	lists := answers(a, AskExternal, shareExternal, func(v assumption) []External {
		list, whole := v.s.external(v.r)
		settled = settled && whole
		return list
	}, func() []External { settled = false; return []External{} })
	out := lists[0]
	for _, other := range lists[1:] {
		keep := slices.DeleteFunc(slices.Clone(out), func(e External) bool {
			return !slices.ContainsFunc(other, func(o External) bool {
				return o.Principal == e.Principal && slices.Equal(o.Actions, e.Actions) && o.Conditions.same(e.Conditions)
			})
		})
		if len(keep) != len(out) || len(other) != len(keep) {
			a.unsettle(AskExternal, ReasonNotYetKnown, "Who is outside: it depends on the key's account, which is not known.")
		}
		out = keep
	}
	if !settled {
		a.noteInexact(AskExternal)
	}
	return out
}

// noteInexact takes over the reasons where a list may not be whole: something was approximated, or a search settled nothing.
func (a *Analysis) noteInexact(q Question) {
	for _, v := range a.assumptions() {
		if v.r == nil || !v.r.exact || len(v.s.unknown) > 0 {
			a.note(q)
			return
		}
	}
}

// Public says whether an outsider gets in, with a request as witness.
func (a *Analysis) Public() (Answer, *Request) {
	p := a.public()
	return p.answer, p.witness
}

func (a *Analysis) findPublic() publicAnswer { return a.outsider(AskPublic, sharePublic, 1, -1) }

// LetsOutsiderIn says whether a statement, after all Deny statements, lets in an outsider: a caller whose account
// and organization neither the policy nor trust names, from a network that the policy does not name.
func (a *Analysis) LetsOutsiderIn(statement int) (Answer, *Request) {
	if statement >= len(a.doc.Statements) {
		return No, nil
	}
	known, ok := a.outsiders[statement]
	if !ok { // each statement has an equal part of the share, whichever are asked
		known = a.outsider(askOutsider(statement), shareOutsiders, len(a.doc.Statements), statement)
		a.outsiders[statement] = known
	}
	return known.answer, known.witness
}

func (a *Analysis) outsider(q Question, of share, parts, statement int) publicAnswer {
	list := answersOf(a, a.outsideOf(), q, of, func(v assumption) publicAnswer {
		v.s.meter.divide(parts)
		answer, witness := v.s.letsOutsiderIn(v.r, statement)
		if witness == nil {
			return publicAnswer{answer: answer}
		}
		w := v.s.report(witness)
		return publicAnswer{answer, &w}
	}, func() publicAnswer { return publicAnswer{answer: Unknown} })
	out := list[0]
	for _, other := range list[1:] {
		if other.answer != out.answer {
			a.unsettle(q, ReasonNotYetKnown, "Whether the key is public: it depends on the key's account, which is not known.")
			out = publicAnswer{answer: Unknown}
		}
	}
	if out.answer == Unknown && a.kinds[q] == "" {
		a.noteOf(a.outsideOf(), q)
	}
	return out
}

// ConfusedDeputy lists the services that an untrusted account can drive.
func (a *Analysis) ConfusedDeputy() []Deputy { return a.deputies() }

func (a *Analysis) findDeputies() []Deputy {
	lists := answers(a, AskDeputies, shareDeputies, func(v assumption) deputyAnswer { return v.s.deputies(v.r) }, a.unknownDeputies)
	for _, one := range lists {
		if len(one.unsettled) > 0 {
			a.note(AskDeputies)
		}
	}
	out := lists[0].list
	for _, one := range lists[1:] {
		list, keep := one.list, []Deputy{}
		for _, d := range out {
			if at := slices.IndexFunc(list, func(o Deputy) bool { return o.Service == d.Service }); at >= 0 {
				d.Statements = slices.DeleteFunc(slices.Clone(d.Statements), func(i int) bool { return !slices.Contains(list[at].Statements, i) })
				if len(d.Statements) > 0 {
					keep = append(keep, d)
				}
			}
		}
		if len(keep) != len(out) || len(keep) != len(list) {
			a.unsettle(AskDeputies, ReasonNotYetKnown, "Which services an untrusted account can drive: it depends on the key's account, which is not known.")
		}
		out = keep
	}
	for _, one := range lists { // what one account leaves open is open
		a.openDeputies = union(a.openDeputies, one.unsettled)
	}
	return out
}

// unknownDeputies leaves open every statement that may allow a service something.
func (a *Analysis) unknownDeputies() deputyAnswer {
	var out deputyAnswer
	for i := range a.doc.Statements {
		st := &a.doc.Statements[i]
		if st.Effect.Value != "Deny" && slices.ContainsFunc(st.Principals, func(p policy.Principal) bool { return p.Kind == policy.Service || p.Kind == policy.Anyone }) {
			out.unsettled = append(out.unsettled, st.Index)
		}
	}
	return out
}

// DeputyUndecided says what would settle whether an untrusted account can drive a service by a statement; "" where that is settled.
func (a *Analysis) DeputyUndecided(statement int) ReasonKind {
	a.ConfusedDeputy()
	if !slices.Contains(a.openDeputies, statement) {
		return ""
	}
	return a.kinds[AskDeputies]
}

// Statements says what each statement does.
func (a *Analysis) Statements() []StatementReport { return a.statements() }

func (a *Analysis) findStatements() []StatementReport {
	lists := answers(a, AskStatements, shareStatements, func(v assumption) []StatementReport { return v.s.statementReports(v.r) }, a.unknownStatements)
	out := lists[0]
	for _, list := range lists[1:] {
		for j := range out {
			if out[j].Status != list[j].Status {
				out[j].Status, out[j].By, out[j].Blame, out[j].Why = StatusUnknown, []int{}, nil, reasonOwner
			}
		}
	}
	for _, st := range out {
		if st.Status == StatusUnknown && len(st.Unsent) > 0 { // the statement says it
			a.kinds[AskStatements] = cmp.Or(a.kinds[AskStatements], ReasonOpen)
		} else if st.Status == StatusUnknown {
			a.note(AskStatements)
			if st.Why == reasonOwner {
				a.unsettle(AskStatements, ReasonNotYetKnown, "What some statements do: it depends on the key's account, which is not known.")
			}
		}
	}
	if out == nil {
		out = []StatementReport{}
	}
	return out
}

func (a *Analysis) unknownStatements() []StatementReport {
	list := make([]StatementReport, len(a.doc.Statements))
	for i := range list {
		src := &a.doc.Statements[i]
		list[i] = StatementReport{Index: src.Index, Sid: src.Sid.Value, Status: StatusUnknown, By: []int{}, Why: reasonSearch, Path: src.Path}
	}
	return list
}

// Matrix says who may do what.
func (a *Analysis) Matrix() []Row { return a.matrix() }

func (a *Analysis) findMatrix() []Row {
	assumptions := a.assumptions()
	lists := answers(a, AskMatrix, shareMatrix, func(v assumption) []Row { return v.s.matrix(v.r) }, func() []Row { return []Row{} })
	out := lists[0]
	for _, rows := range lists[1:] {
		out = a.foldRows(out, rows)
	}
	switch fresh := ":" + assumptions[len(assumptions)-1].s.models[0].owner + ":"; {
	case knownOwner(a.env) != "":
	case len(assumptions) == 1:
		for i := range out {
			out[i].Principal = ownAccount(out[i].Principal)
		}
	default: // the account that stands for one that the policy does not name is none
		out = slices.DeleteFunc(out, func(r Row) bool { return strings.Contains(r.Principal, fresh) })
	}
	a.noteInexact(AskMatrix)
	return out
}

// foldRows keeps what holds for either account; a decision that differs is unknown.
func (a *Analysis) foldRows(rows, others []Row) []Row {
	same := func(x, y Row) bool {
		return x.Principal == y.Principal && x.Kind == y.Kind && slices.Equal(x.Actions, y.Actions) && x.Conditions.same(y.Conditions)
	}
	depends := func() {
		a.unsettle(AskMatrix, ReasonNotYetKnown, "Who may do what: it depends on the key's account, which is not known.")
	}
	for i := range rows {
		if !slices.ContainsFunc(others, func(o Row) bool { return same(rows[i], o) && o.Decision == rows[i].Decision }) {
			rows[i].Decision = Undecided
			depends()
		}
	}
	for _, o := range others {
		if !slices.ContainsFunc(rows, func(r Row) bool { return same(r, o) }) {
			o.Decision = Undecided
			rows = append(rows, o)
			depends()
		}
	}
	return sortRows(withoutParts(rows))
}

// withoutParts leaves out rows that are part of another.
func withoutParts(rows []Row) []Row {
	part := func(a, b Row) bool {
		return a.Decision == b.Decision && a.Principal == b.Principal && a.Kind == b.Kind &&
			a.Conditions.same(b.Conditions) && len(a.Actions) < len(b.Actions) &&
			!slices.ContainsFunc(a.Actions, func(name string) bool { return !slices.Contains(b.Actions, name) })
	}
	return slices.DeleteFunc(slices.Clone(rows), func(a Row) bool {
		return slices.ContainsFunc(rows, func(b Row) bool { return part(a, b) })
	})
}

// Unknown lists what the questions asked so far could not settle.
func (a *Analysis) Unknown() []Reason { return a.unsettled.list() }
