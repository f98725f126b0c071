package access

import (
	"maps"
	"strconv"
	"sync"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

// Analysis answers questions about one policy, each when it is first asked. It is not safe for concurrent use: make one a
// goroutine. Reading one policy document from several is.
// Rules, reports and the command ask different questions of one policy, and most policies are asked only some. So
// compiling is shared, each answer is found once, and each question has a share of the budget of its own: what one
// question costs cannot make another's answer unknown, and answers do not depend on which were asked before.
type Analysis struct {
	doc *policy.Document
	env Env

	assumptions func() []assumption
	outsideOf   func() []assumption                 // for the question of outsiders
	editorParts []func() (part editorPart, ok bool) // for those of who can change the policy
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
	named       once[namedValues]

	openDeputies []int // statements of which it is not settled whether an untrusted account can drive a service by them

	unsettled reasons
	why       map[Question]reasons // of unsettled, what each question is not settled by
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
// Each is a space of its own, so the cost is linear in them. A policy without a known account names one or two in
// practice.
const maxOwners = 8

// NewAnalysis prepares an analysis; it costs nothing till it is asked.
// The caller's faults in the document are not errors here: what cannot be read (an unknown operator, a principal
// of an unknown form) makes the statement match maybe, so that the answers that hang on it are unknown and all
// others are given.
func NewAnalysis(doc *policy.Document, env Env) *Analysis {
	a := &Analysis{doc: doc, env: env, unsettled: reasons{}, why: map[Question]reasons{}, kinds: map[Question]ReasonKind{}, outsiders: map[int]publicAnswer{}}
	a.assumptions = sync.OnceValue(func() []assumption { return a.buildAssumptions(a.env, shareBuild, nil) })
	a.editorParts = a.partsForEditors()
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

// outsiderAssumptions are the assumptions in which a caller's name that is still to be filled in is not an outsider's.
// `Principal: {AWS: "${role_arn}"}` can turn out to be anybody, and lockout has to count that. That the key is
// public because of it would be a false alarm: whoever fills the placeholder in names one principal on purpose.
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
// "The account" of a key policy is the key's: in `arn:aws:iam::111122223333:root` it delegates to identity
// policies there if the key is in that account, and is a cross-account grant if it is not. Where neither spec nor
// flags give the account, each one that the policy names is supposed in turn, and one that it does not name; what
// all agree on is the answer.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func (a *Analysis) buildAssumptions(env Env, of share, narrow func(m *model)) []assumption {
	var list []assumption
	supposed := owners(a.env, possibleOwners(a.doc))
	if len(supposed) > maxOwners {
		a.unsettled.add(ReasonNotYetKnown, "The key's account is not known, and the policy names too many accounts to try each.")
		supposed = append(supposed[:maxOwners-1:maxOwners-1], supposed[len(supposed)-1])
	}
	for _, owner := range supposed {
		m := newModel(a.doc, env, owner)
		if narrow != nil {
			narrow(m)
		}
		s := newSpace(env, env.Budget.meter(of, len(supposed)), m)
		v := assumption{s: s}
		if !s.spent {
			v.r = s.policies[0]
		}
		list = append(list, v)
	}
	return list
}

// answers asks every assumption the question within its share of the budget; fallback makes the answer where that does not suffice.
// Every question starts from the reasons that compiling left (compiled), and not from those of the question before
// it. Without that, what is not known would depend on the order of questions.
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
			a.unsettle(q, Reason{Kind: ReasonBudget, Text: reasonBuild})
		case !within(func() { list[i] = ask(v) }):
			list[i] = fallback()
			a.unsettle(q, Reason{Kind: ReasonBudget, Text: reasonSearch})
		}
	}
	return list
}

// unsettle takes down that a question is not settled, and why.
// Of several kinds the heaviest counts, see rank: a reader who fills a placeholder in and gets "too costly" next
// has been misled, so the one that stays is reported first.
func (a *Analysis) unsettle(q Question, reason Reason) {
	a.unsettled.addReason(reason)
	if a.why[q] == nil {
		a.why[q] = reasons{}
	}
	a.why[q].addReason(reason)
	if a.kinds[q].rank() < reason.Kind.rank() {
		a.kinds[q] = reason.Kind
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
	for _, reason := range why {
		a.unsettle(q, reason)
	}
	if a.kinds[q] == "" {
		a.unsettle(q, Reason{Kind: ReasonBudget, Text: reasonSearch})
	}
}

// Undecided says what would settle a question that was asked and is not settled; "" where it is.
func (a *Analysis) Undecided(q Question) ReasonKind { return a.kinds[q] }

// Because lists what a question that was asked is not settled by. Unlike Unknown it does not depend on what else was asked.
func (a *Analysis) Because(q Question) []Reason { return a.why[q].list() }

// OutsiderBecause is Because of whether a statement lets an outsider in.
func (a *Analysis) OutsiderBecause(statement int) []Reason { return a.Because(askOutsider(statement)) }

// OutsiderUndecided is Undecided of whether a statement lets an outsider in.
func (a *Analysis) OutsiderUndecided(statement int) ReasonKind {
	return a.kinds[askOutsider(statement)]
}

// noteInexact takes over the reasons where a list may not be whole: something was approximated, or a search settled nothing.
// A list can be wrong without an answer being unknown: an entry that approximation hides is not in it. So any
// approximation in the space at all makes the list one that may lack something.
func (a *Analysis) noteInexact(q Question) {
	for _, v := range a.assumptions() {
		if v.r == nil || !v.r.exact || len(v.s.unknown) > 0 {
			a.note(q)
			return
		}
	}
}

// Unknown lists what the questions asked so far could not settle.
func (a *Analysis) Unknown() []Reason { return a.unsettled.list() }
