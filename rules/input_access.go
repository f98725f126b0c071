package rules

import (
	"slices"
	"sync"
	"time"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// meaning is what a policy allows, as the rules see it. A part is worked out when it is first read: by a trigger, or for the
// input of a rule that is due.
type meaning struct {
	size     int // of the policy, in bytes
	marks    func() *marks
	known    bool // false for a policy that is too long by far
	doc      *policy.Document
	analysis *access.Analysis
}

// policyMeaning is input.access.
type policyMeaning struct {
	Lockout        *lockoutMeaning   `json:"lockout,omitempty"`
	External       []access.External `json:"external,omitzero"`
	Public         access.Answer     `json:"public,omitempty"`
	PublicWitness  *diag.Witness     `json:"public_witness,omitempty"`
	ConfusedDeputy []access.Deputy   `json:"confused_deputy,omitzero"`
	// What would settle the lists, where they may not be whole.
	ExternalUndecided       access.ReasonKind   `json:"external_undecided,omitempty"`
	ConfusedDeputyUndecided access.ReasonKind   `json:"confused_deputy_undecided,omitempty"`
	Statements              []*statementMeaning `json:"statements,omitzero"`
	Matrix                  []access.Row        `json:"matrix,omitzero"`
	Able                    *access.Able        `json:"able,omitempty"`
	Unattested              *access.Unattested  `json:"unattested,omitempty"`
	Unknown                 []access.Reason     `json:"unknown"`
}

// leftover is what a statement leaves each of its principals; nil where that is all that it says.
func (m *meaning) leftover(statement int, parts map[Part]bool) []access.Leftover {
	if !m.known || !parts[PartLeft] || m.analysis.Plain() && len(m.doc.Statements[statement].Conditions) == 0 || statement >= len(m.analysis.Leftovers()) {
		return nil
	}
	return m.analysis.Leftovers()[statement]
}

type lockoutMeaning struct {
	Editors    access.Editors    `json:"editors"`
	Durable    access.Answer     `json:"durable"`
	RootUser   access.Answer     `json:"root_user"`
	Principals []string          `json:"principals"`
	Conditions access.Conditions `json:"conditions"`
	Witness    *diag.Witness     `json:"witness,omitempty"`
	Account    access.Editors    `json:"account"`
	Undenied   access.Editors    `json:"undenied"`
	DeniedBy   []int             `json:"denied_by"`
	Undecided  access.ReasonKind `json:"undecided,omitempty"`
}

// statementMeaning is input.statement.access, and an entry of input.access.statements.
type statementMeaning struct {
	Index          int              `json:"index"`
	Sid            string           `json:"sid"`
	Status         access.Status    `json:"status,omitempty"`
	By             []int            `json:"by,omitzero"`
	Why            string           `json:"why,omitempty"`
	Blame          []diag.Path      `json:"blame,omitzero"` // from the statement
	Unsent         []string         `json:"not_known_to_be_sent,omitempty"`
	Stranger       *strangerMeaning `json:"stranger,omitempty"`
	Outsider       *strangerMeaning `json:"outsider,omitempty"` // what stranger was called before, for users' rules
	ConfusedDeputy []access.Deputy  `json:"confused_deputy,omitzero"`
	// What would settle the list, where it may not be whole.
	ConfusedDeputyUndecided access.ReasonKind `json:"confused_deputy_undecided,omitempty"`
}

type strangerMeaning struct {
	Answer    access.Answer     `json:"answer"`
	Witness   *diag.Witness     `json:"witness,omitempty"`
	Undecided access.ReasonKind `json:"undecided,omitempty"`
}

// oversize is how many times as long as KMS takes a policy may be for its meaning to be worked out: a rule tells that it
// is too long, and no other finding is of use then.
const oversize = 2

// meaning prepares what a policy means.
func (in *inputs) meaning(p *policy.Policy) *meaning {
	m := &meaning{size: p.Document.Size(), marks: sync.OnceValue(func() *marks { return readMarks(p.Document.Root) })}
	if m.size > oversize*facts.PolicyMaxBytes() {
		return m
	}
	env := access.EnvOf(p.Key)
	env.TrustAccounts, env.TrustOrgs = in.trusted.Accounts, in.trusted.Organizations
	env.Today = in.day
	m.known, m.doc, m.analysis = true, p.Document, access.NewAnalysis(p.Document, env)
	return m
}

// ofPolicy is input.access, with the parts that are wanted; old asks for fields by their former names too.
func (m *meaning) ofPolicy(parts map[Part]bool, old bool) *policyMeaning {
	a, out := m.analysis, &policyMeaning{Statements: make([]*statementMeaning, len(m.doc.Statements))}
	for i := range out.Statements {
		out.Statements[i] = m.ofStatement(i, parts, old)
	}
	if parts[PartLockout] {
		l, e := a.Lockout(), a.Editing()
		out.Lockout = &lockoutMeaning{
			Editors: l.Editors, Durable: l.DurableAnswer, RootUser: l.RootUserAnswer,
			Principals: l.Principals, Conditions: l.Conditions, Witness: l.Witness,
			Account: e.Account, Undenied: e.Undenied, DeniedBy: listed(e.DeniedBy), Undecided: a.Undecided(access.AskLockout),
		}
	}
	if parts[PartExternal] {
		out.External, out.ExternalUndecided = listed(a.External()), a.Undecided(access.AskExternal)
	}
	if parts[PartPublic] {
		out.Public, out.PublicWitness = a.Public()
	}
	if parts[PartConfusedDeputy] {
		out.ConfusedDeputy, out.ConfusedDeputyUndecided = listed(a.ConfusedDeputy()), a.Undecided(access.AskDeputies)
	}
	if parts[PartMatrix] {
		out.Matrix = listed(a.Matrix())
	}
	if parts[PartAble] {
		able := a.Able()
		out.Able = &able
	}
	if parts[PartUnattested] {
		unattested := a.Unattested()
		out.Unattested = &unattested
	}
	out.Unknown = listed(a.Unknown())
	return out
}

// ofStatement is input.statement.access, with the parts that are wanted; old asks for fields by their former names too.
func (m *meaning) ofStatement(i int, parts map[Part]bool, old bool) *statementMeaning {
	st := &m.doc.Statements[i]
	out := &statementMeaning{Index: i, Sid: st.Sid.Value}
	if parts[PartStranger] && st.Effect.Value == "Allow" {
		stranger := m.stranger(i)
		out.Stranger = &stranger
		if old {
			out.Outsider = &stranger
		}
	}
	if parts[PartStatements] && m.report(i).Status != "" {
		report := m.report(i)
		out.Status, out.By, out.Why, out.Unsent, out.Blame = report.Status, listed(report.By), report.Why, report.Unsent, []diag.Path{}
		for _, path := range report.Blame {
			out.Blame = append(out.Blame, path[len(st.Path):])
		}
	}
	if parts[PartConfusedDeputy] {
		out.ConfusedDeputy, out.ConfusedDeputyUndecided = m.deputiesOf(i), m.analysis.DeputyUndecided(i)
	}
	return out
}

func (m *meaning) stranger(statement int) strangerMeaning {
	if m.analysis.Plain() { // every principal is named
		return strangerMeaning{Answer: access.No}
	}
	answer, witness := m.analysis.LetsOutsiderIn(statement)
	return strangerMeaning{answer, witness, m.analysis.OutsiderUndecided(statement)}
}

// report is what access says of a statement; zero where it says nothing.
func (m *meaning) report(statement int) (none access.StatementReport) {
	for _, r := range m.analysis.Statements() {
		if r.Index == statement {
			return r
		}
	}
	return none
}

func (m *meaning) deputiesOf(statement int) []access.Deputy {
	list := []access.Deputy{}
	for _, d := range m.analysis.ConfusedDeputy() {
		if slices.Contains(d.Statements, statement) {
			list = append(list, d)
		}
	}
	return list
}

// saysOfPolicy is the answer to a trigger of access for the policy: whether there is something for a rule to check, or
// there may be.
func (m *meaning) saysOfPolicy(t trigger) bool {
	if !m.known {
		return true
	}
	a := m.analysis
	if (t == hasLockout || t == hasAble || t == hasStatements) && m.analysis.Plain() {
		return false
	}
	switch t {
	case hasLockout:
		l, e := a.Lockout(), a.Editing()
		return l.Editors != access.EditorsAlways || l.DurableAnswer != access.Yes || e.Account != access.EditorsAlways ||
			e.Undenied != access.EditorsAlways || len(e.DeniedBy) > 0
	case hasExternal:
		return len(a.External()) > 0 || a.Undecided(access.AskExternal) != ""
	case hasPublic:
		answer, _ := a.Public()
		return answer != access.No
	case hasConfusedDeputy:
		return len(a.ConfusedDeputy()) > 0 || a.Undecided(access.AskDeputies) != ""
	case hasAble:
		const yes = access.Yes
		return a.Able() != (access.Able{ReadPolicy: yes, Describe: yes, ScheduleDeletion: yes, CancelDeletion: yes, Enable: yes, Use: yes})
	case hasUnattested:
		u := a.Unattested()
		return len(u.Direct) > 0 || len(u.Delegated) > 0 || u.Undecided != ""
	default:
		return slices.ContainsFunc(m.doc.Statements, func(st policy.Statement) bool { return m.saysOfStatement(t, st.Index) })
	}
}

// saysOfStatement is the same for one statement.
func (m *meaning) saysOfStatement(t trigger, i int) bool {
	if !m.known {
		return true
	}
	switch t {
	case hasStranger:
		if m.doc.Statements[i].Effect.Value != "Allow" {
			return false
		}
		return m.stranger(i).Answer != access.No
	case hasStatements:
		return !m.analysis.Plain() && m.report(i).Status != access.Live
	case hasConfusedDeputy:
		return len(m.deputiesOf(i)) > 0 || m.analysis.DeputyUndecided(i) != ""
	default: // it is of the policy as a whole
		return true
	}
}

// listed is a list that was asked for: empty where there is nothing, and so to be told from one that was not.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// day reads the day of the run; the zero time where it is not given.
func day(today string) time.Time {
	t, _ := time.Parse(time.DateOnly, today)
	return t
}
