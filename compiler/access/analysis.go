package access

import (
	"slices"
	"strings"
	"sync"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

// Analysis answers questions about one policy, each when it is first asked. It is not safe for concurrent use: make one a
// goroutine. Reading one policy document from several is.
type Analysis struct {
	doc *policy.Document
	env Env

	views      func() []view
	outsideOf  func() []view // for the question of outsiders
	lockout    func() Lockout
	external   func() []External
	deputies   func() []Deputy
	statements func() []StatementReport
	matrix     func() []Row
	public     func() publicAnswer

	unsettled map[string]bool
}

// view is the policy with one account supposed for the key.
type view struct {
	s *system
	r *regions
}

type publicAnswer struct {
	answer  Answer
	witness *Request
}

// maxOwners bounds the accounts that are supposed for a key whose account is not known.
const maxOwners = 8

// NewAnalysis prepares an analysis; it costs nothing till it is asked.
func NewAnalysis(doc *policy.Document, env Env) *Analysis {
	a := &Analysis{doc: doc, env: env, unsettled: map[string]bool{}}
	a.views = sync.OnceValue(func() []view { return a.buildViews(a.env) })
	a.outsideOf = sync.OnceValue(a.outsiderViews)
	a.lockout = sync.OnceValue(a.findLockout)
	a.external = sync.OnceValue(a.findExternal)
	a.deputies = sync.OnceValue(a.findDeputies)
	a.statements = sync.OnceValue(a.findStatements)
	a.matrix = sync.OnceValue(a.findMatrix)
	a.public = sync.OnceValue(func() publicAnswer { return a.outsider(-1) })
	return a
}

// Analyze answers all of an analysis's questions.
func Analyze(doc *policy.Document, env Env) *Report {
	a := NewAnalysis(doc, env)
	answer, _ := a.Public()
	return &Report{
		Lockout: a.Lockout(), External: a.External(), Public: answer == Yes, PublicAnswer: answer,
		ConfusedDeputy: a.ConfusedDeputy(), Statements: a.Statements(), Matrix: a.Matrix(), Unknown: a.Unknown(),
	}
}

// outsiderViews are the views in which a caller's name that is yet to be filled in is no outsider's.
func (a *Analysis) outsiderViews() []view {
	for _, v := range a.views() {
		if v.r.m.namesOpenly() {
			env := a.env
			env.outsiders = true
			return a.buildViews(env)
		}
	}
	return a.views()
}

func (a *Analysis) buildViews(env Env) []view {
	var list []view
	supposed := owners(a.env, Accounts(a.doc))
	if len(supposed) > maxOwners {
		a.unsettled["The key's account is not known, and the policy names too many to suppose each."] = true
		supposed = append(supposed[:maxOwners-1:maxOwners-1], supposed[len(supposed)-1])
	}
	for _, owner := range supposed {
		m := newModel(a.doc, env, owner)
		s := newSystem(env, nil, m)
		list = append(list, view{s, s.policies[0]})
	}
	return list
}

// note takes over why the views could not settle something.
func (a *Analysis) note() {
	for _, v := range a.views() {
		for reason := range v.s.unknown {
			a.unsettled[reason] = true
		}
		for _, reason := range v.r.m.unreadable {
			a.unsettled[reason] = true
		}
	}
}

const reasonOwner = "It depends on the key's account, which is not known."

// Lockout says who can change the policy.
func (a *Analysis) Lockout() Lockout { return a.lockout() }

func (a *Analysis) findLockout() Lockout {
	var out Lockout
	for i, v := range a.views() {
		l := v.s.lockout(v.r)
		if a.env.Caller != "" {
			l.Caller = v.s.callerCheck(v.r, a.env.Caller)
		}
		if i == 0 {
			out = l
			continue
		}
		a.foldLockout(&out, l)
	}
	if out.Editors == EditorsUnknown || out.DurableAnswer == Unknown || out.RootUserAnswer == Unknown || a.env.Caller != "" && out.Caller == CallerUnknown {
		a.note()
	}
	if knownOwner(a.env) == "" && len(a.views()) == 1 {
		for i := range out.Principals {
			out.Principals[i] = ownAccount(out.Principals[i])
		}
	}
	out.Durable, out.RootUser = out.DurableAnswer == Yes, out.RootUserAnswer == Yes
	return out
}

func (a *Analysis) foldLockout(out *Lockout, l Lockout) {
	if out.Editors != l.Editors {
		out.Editors, out.Conditions, out.Witness = EditorsUnknown, Conditions{}, nil
		a.unsettled["Who can change the policy: it depends on the key's account, which is not known."] = true
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
	var lists [][]External
	for _, v := range a.views() {
		list := v.s.external(v.r)
		lists = append(lists, list)
	}
	out := lists[0]
	for _, other := range lists[1:] {
		keep := slices.DeleteFunc(slices.Clone(out), func(e External) bool {
			return !slices.ContainsFunc(other, func(o External) bool {
				return o.Principal == e.Principal && slices.Equal(o.Actions, e.Actions) && o.Conditions.Text == e.Conditions.Text
			})
		})
		if len(keep) != len(out) || len(other) != len(keep) {
			a.unsettled["Who is outside: it depends on the key's account, which is not known."] = true
		}
		out = keep
	}
	a.noteInexact()
	return out
}

// noteInexact takes over the reasons where a list may not be whole: something was approximated, or a search settled nothing.
func (a *Analysis) noteInexact() {
	for _, v := range a.views() {
		if v.s.gaveUp {
			a.unsettled["The policy has too many conditions that depend on each other: lists may not be whole."] = true
		}
		if !v.r.exact || len(v.s.unknown) > 0 {
			a.note()
			return
		}
	}
}

// Public says whether an outsider gets in, with a request as witness.
func (a *Analysis) Public() (Answer, *Request) {
	p := a.public()
	return p.answer, p.witness
}

// LetsOutsiderIn says whether a statement, after all Deny statements, lets in an outsider: a caller whose account
// and organization neither the policy nor trust names, from a network that the policy does not name.
func (a *Analysis) LetsOutsiderIn(statement int) (Answer, *Request) {
	p := a.outsider(statement)
	return p.answer, p.witness
}

func (a *Analysis) outsider(statement int) publicAnswer {
	var out publicAnswer
	for i, v := range a.outsideOf() {
		if statement >= len(v.r.m.statements) {
			return publicAnswer{answer: No}
		}
		answer, witness := v.s.letsOutsiderIn(v.r, statement)
		if i > 0 && answer != out.answer {
			a.unsettled["Whether the key is public: "+reasonOwner] = true
			return publicAnswer{answer: Unknown}
		}
		out.answer = answer
		if witness != nil {
			w := v.s.report(witness)
			out.witness = &w
		}
	}
	if out.answer == Unknown {
		a.note()
	}
	return out
}

// ConfusedDeputy lists the services that an untrusted account can drive.
func (a *Analysis) ConfusedDeputy() []Deputy { return a.deputies() }

func (a *Analysis) findDeputies() []Deputy {
	var out []Deputy
	for i, v := range a.views() {
		list := v.s.deputies(v.r)
		if i == 0 {
			out = list
			continue
		}
		keep := []Deputy{}
		for _, d := range out {
			if at := slices.IndexFunc(list, func(o Deputy) bool { return o.Service == d.Service }); at >= 0 {
				d.Statements = slices.DeleteFunc(slices.Clone(d.Statements), func(i int) bool { return !slices.Contains(list[at].Statements, i) })
				if len(d.Statements) > 0 {
					keep = append(keep, d)
				}
			}
		}
		if len(keep) != len(out) || len(keep) != len(list) {
			a.unsettled["Which services an untrusted account can drive: it depends on the key's account, which is not known."] = true
		}
		out = keep
	}
	a.noteInexact()
	return out
}

// Statements says what each statement does.
func (a *Analysis) Statements() []StatementReport { return a.statements() }

func (a *Analysis) findStatements() []StatementReport {
	var out []StatementReport
	for i, v := range a.views() {
		list := v.s.statementReports(v.r)
		if i == 0 {
			out = list
			continue
		}
		for j := range out {
			if out[j].Status != list[j].Status {
				out[j].Status, out[j].By, out[j].Blame, out[j].Why = StatusUnknown, []int{}, nil, reasonOwner
			}
		}
	}
	for _, st := range out {
		if st.Status == StatusUnknown {
			a.note()
			if st.Why == reasonOwner {
				a.unsettled["What some statements do: it depends on the key's account, which is not known."] = true
			}
		}
	}
	if out == nil {
		out = []StatementReport{}
	}
	return out
}

// Matrix says who may do what.
func (a *Analysis) Matrix() []Row { return a.matrix() }

func (a *Analysis) findMatrix() []Row {
	var out []Row
	views := a.views()
	for i, v := range views {
		rows := v.s.matrix(v.r)
		if i == 0 {
			out = rows
			continue
		}
		out = a.foldRows(out, rows)
	}
	switch fresh := ":" + views[len(views)-1].r.m.owner + ":"; {
	case knownOwner(a.env) != "":
	case len(views) == 1:
		for i := range out {
			out[i].Principal = ownAccount(out[i].Principal)
		}
	default: // the account that stands for one that the policy does not name is none
		out = slices.DeleteFunc(out, func(r Row) bool { return strings.Contains(r.Principal, fresh) })
	}
	a.noteInexact()
	return out
}

// foldRows keeps what holds for either account; a decision that differs is unknown.
func (a *Analysis) foldRows(rows, others []Row) []Row {
	same := func(x, y Row) bool {
		return x.Principal == y.Principal && x.Kind == y.Kind && slices.Equal(x.Actions, y.Actions) && x.Conditions.Text == y.Conditions.Text
	}
	for i := range rows {
		if !slices.ContainsFunc(others, func(o Row) bool { return same(rows[i], o) && o.Decision == rows[i].Decision }) {
			rows[i].Decision = Undecided
			a.unsettled["Who may do what: it depends on the key's account, which is not known."] = true
		}
	}
	for _, o := range others {
		if !slices.ContainsFunc(rows, func(r Row) bool { return same(r, o) }) {
			o.Decision = Undecided
			rows = append(rows, o)
			a.unsettled["Who may do what: it depends on the key's account, which is not known."] = true
		}
	}
	return sortRows(withoutParts(rows))
}

// withoutParts leaves out rows that are part of another.
func withoutParts(rows []Row) []Row {
	part := func(a, b Row) bool {
		return a.Decision == b.Decision && a.Principal == b.Principal && a.Kind == b.Kind &&
			a.Conditions.Text == b.Conditions.Text && len(a.Actions) < len(b.Actions) &&
			!slices.ContainsFunc(a.Actions, func(name string) bool { return !slices.Contains(b.Actions, name) })
	}
	return slices.DeleteFunc(slices.Clone(rows), func(a Row) bool {
		return slices.ContainsFunc(rows, func(b Row) bool { return part(a, b) })
	})
}

// Unknown lists what the questions asked so far could not settle.
func (a *Analysis) Unknown() []string {
	list := sortedKeys(a.unsettled)
	if list == nil {
		list = []string{}
	}
	return list
}
