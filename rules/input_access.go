package rules

import (
	"slices"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

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

// leftover is what a statement leaves each of its principals; nil where that is all that it says.
func (m *meaning) leftover(statement int, parts map[Part]bool) []access.Leftover {
	if !m.known || !parts[PartLeft] || m.analysis.Plain() && len(m.doc.Statements[statement].Conditions) == 0 || statement >= len(m.analysis.Leftovers()) {
		return nil
	}
	return m.analysis.Leftovers()[statement]
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
func (m *meaning) ofPolicy(parts map[Part]bool, old bool) *ast.Term {
	a, b := m.analysis, fields(nil).object(12)
	if parts[PartLockout] {
		b.add("lockout", m.lockoutTerm())
	}
	if parts[PartExternal] {
		b.add("external", terms(a.External(), externalTerm))
		b.known("external_undecided", string(a.Undecided(access.AskExternal)))
	}
	if parts[PartPublic] {
		answer, witness := a.Public()
		b.known("public", string(answer))
		b.witness("public_witness", witness)
	}
	if parts[PartConfusedDeputy] {
		b.add("confused_deputy", terms(a.ConfusedDeputy(), deputyTerm))
		b.known("confused_deputy_undecided", string(a.Undecided(access.AskDeputies)))
	}
	statements := make([]*ast.Term, len(m.doc.Statements))
	for i := range statements {
		statements[i] = m.ofStatement(i, parts, old)
	}
	b.add("statements", list(statements))
	if parts[PartMatrix] {
		b.add("matrix", terms(a.Matrix(), rowTerm))
	}
	if parts[PartAble] {
		b.add("able", ableTerm(a.Able()))
	}
	if parts[PartUnattested] {
		b.add("unattested", unattestedTerm(a.Unattested()))
	}
	b.add("unknown", terms(a.Unknown(), func(r access.Reason) *ast.Term { return record("kind", string(r.Kind), "text", r.Text) }))
	return b.object()
}

func (m *meaning) lockoutTerm() *ast.Term {
	l, e := m.analysis.Lockout(), m.analysis.Editing()
	b := fields(nil).object(10)
	b.members = append(b.members, pairs(
		"editors", string(l.Editors), "durable", string(l.DurableAnswer), "root_user", string(l.RootUserAnswer),
		"principals", l.Principals, "conditions", conditionsOf(l.Conditions),
		"account", string(e.Account), "undenied", string(e.Undenied), "denied_by", numbers(e.DeniedBy),
	)...)
	b.witness("witness", l.Witness)
	b.known("undecided", string(m.analysis.Undecided(access.AskLockout)))
	return b.object()
}

// ofStatement is input.statement.access, and an entry of input.access.statements, with the parts that are wanted; old asks for
// fields by their former names too.
func (m *meaning) ofStatement(i int, parts map[Part]bool, old bool) *ast.Term {
	st := &m.doc.Statements[i]
	b := fields(nil).object(10)
	b.add("index", number(i))
	b.text("sid", st.Sid.Value)
	if parts[PartStranger] && st.Effect.Value == "Allow" {
		stranger := m.stranger(i).term()
		b.add("stranger", stranger)
		if old { // what stranger was called before, for users' rules
			b.add("outsider", stranger)
		}
	}
	if report := m.report(i); parts[PartStatements] && report.Status != "" {
		b.text("status", string(report.Status))
		b.add("by", numbers(report.By))
		b.known("why", report.Why)
		b.add("blame", terms(report.Blame, func(path diag.Path) *ast.Term { return pathTerm(path, len(st.Path)) }))
		if len(report.Unsent) > 0 {
			b.add("not_known_to_be_sent", texts(report.Unsent))
		}
	}
	if parts[PartConfusedDeputy] {
		b.add("confused_deputy", terms(m.deputiesOf(i), deputyTerm))
		b.known("confused_deputy_undecided", string(m.analysis.DeputyUndecided(i)))
	}
	return b.object()
}

// strangers are what is known of callers whom a statement lets in without naming them.
type strangers struct {
	answer    access.Answer
	witness   *diag.Witness
	undecided access.ReasonKind
}

func (m *meaning) stranger(statement int) strangers {
	if m.analysis.Plain() { // every principal is named
		return strangers{answer: access.No}
	}
	answer, witness := m.analysis.LetsOutsiderIn(statement)
	return strangers{answer, witness, m.analysis.OutsiderUndecided(statement)}
}

func (s strangers) term() *ast.Term {
	b := fields(nil).object(3)
	b.text("answer", string(s.answer))
	b.witness("witness", s.witness)
	b.known("undecided", string(s.undecided))
	return b.object()
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
		return m.stranger(i).answer != access.No
	case hasStatements:
		return !m.analysis.Plain() && m.report(i).Status != access.Live
	case hasConfusedDeputy:
		return len(m.deputiesOf(i)) > 0 || m.analysis.DeputyUndecided(i) != ""
	default: // it is of the policy as a whole
		return true
	}
}

// day reads the day of the run; the zero time where it is not given.
func day(today string) time.Time {
	t, _ := time.Parse(time.DateOnly, today)
	return t
}
