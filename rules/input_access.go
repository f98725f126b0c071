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
	"github.com/keypolicy/keypolicy/compiler/spec"
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

// doubt is what would settle what is left to the principals of some statements; "" where nothing is left open.
func (m *meaning) doubt(statements ...int) (kind access.ReasonKind) {
	for _, i := range statements {
		for _, l := range m.leftover(i, map[Part]bool{PartLeft: true}) {
			if l.IsOpen() {
				kind = l.Kind // the same for all that is left open in a policy
			}
		}
	}
	return kind
}

// oversize is how many times as long as KMS takes a policy may be for its meaning to be worked out: a rule reports that it
// is too long, and no other finding is of use then.
const oversize = 2

// meaning prepares what a policy means.
func (in *inputs) meaning(p *spec.Compiled) *meaning {
	m := &meaning{size: p.Document.Size(), marks: sync.OnceValue(func() *marks { return readMarks(p.Document.Root) })}
	if m.size > oversize*facts.PolicyMaxBytes() {
		return m
	}
	env := access.EnvOf(p.Key.Key)
	env.TrustAccounts, env.TrustOrgs = in.trusted.Accounts, in.trusted.Organizations
	env.Today = in.day
	m.known, m.doc, m.analysis = true, p.Document, access.NewAnalysis(p.Document, env)
	return m
}

// ofPolicy is input.access, with the parts that are wanted; old asks for fields by their former names too.
// doc is the policy as the rules see it: with what is not known filled in, or as it is.
func (m *meaning) ofPolicy(doc *policy.Document, parts map[Part]bool, old bool) *ast.Term {
	a := m.analysis
	statements := make([]*ast.Term, len(m.doc.Statements))
	for i := range statements {
		statements[i] = m.ofStatement(doc, i, parts, old)
	}
	written := []member{every.list("statements", statements)}
	if parts[PartLockout] {
		l, e := a.Lockout(), a.Editing()
		written = append(written, every.term("lockout", object(
			every.text("editors", string(l.Editors)), every.text("durable", string(l.DurableAnswer)),
			every.text("root_user", string(l.RootUserAnswer)), every.texts("principals", l.Principals),
			every.term("conditions", conditionsOf(l.Conditions)), every.text("account", string(e.Account)),
			every.text("undenied", string(e.Undenied)), every.numbers("denied_by", e.DeniedBy),
			every.witness("witness", l.Witness), every.known("undecided", string(a.Undecided(access.AskLockout))),
			every.term("because", some(a.Because(access.AskLockout), reasonTerm)),
		)))
	}
	if parts[PartExternal] {
		written = append(written,
			every.term("external", terms(a.External(), externalTerm)),
			every.known("external_undecided", string(a.Undecided(access.AskExternal))))
	}
	if parts[PartPublic] {
		answer, witness := a.Public()
		written = append(written, every.known("public", string(answer)), every.witness("public_witness", witness))
	}
	if parts[PartConfusedDeputy] {
		written = append(written,
			every.term("confused_deputy", terms(m.namedAs(doc, a.ConfusedDeputy()), deputyTerm)),
			every.known("confused_deputy_undecided", string(a.Undecided(access.AskDeputies))),
			every.term("confused_deputy_because", some(a.Because(access.AskDeputies), reasonTerm)))
	}
	if parts[PartMatrix] {
		written = append(written, every.term("matrix", terms(a.Matrix(), rowTerm)))
	}
	if parts[PartAble] {
		written = append(written, every.term("able", ableTerm(a.Able())))
	}
	if parts[PartUnattested] {
		written = append(written, every.term("unattested", unattestedTerm(a.Unattested())))
	}
	return object(append(written, every.term("unknown", terms(a.Unknown(), reasonTerm)))...) // last: it is what all others leave open
}

// ofStatement is input.statement.access, and an entry of input.access.statements, with the parts that are wanted; old asks for
// fields by their former names too.
func (m *meaning) ofStatement(doc *policy.Document, i int, parts map[Part]bool, old bool) *ast.Term {
	st := &m.doc.Statements[i]
	written := []member{every.number("index", i), every.text("sid", st.Sid.Value)}
	if parts[PartStranger] && st.Effect.Value == "Allow" {
		answer, witness, undecided := m.stranger(i)
		stranger := object(
			every.text("answer", string(answer)), every.witness("witness", witness),
			every.known("undecided", string(undecided)), every.term("because", some(m.analysis.OutsiderBecause(i), reasonTerm)),
		)
		written = append(written, every.term("stranger", stranger))
		if old { // what stranger was called before, for users' rules
			written = append(written, every.term("outsider", stranger))
		}
	}
	if parts[PartStatements] { // only then: what no due rule reads is not worked out
		written = append(written, m.status(i)...)
	}
	if parts[PartConfusedDeputy] {
		written = append(written,
			every.term("confused_deputy", terms(m.namedAs(doc, m.deputiesOf(i)), deputyTerm)),
			every.known("confused_deputy_undecided", string(m.analysis.DeputyUndecided(i))))
	}
	return object(written...)
}

// status is what a statement does, and why; nothing where access says nothing of it.
func (m *meaning) status(i int) []member {
	st, report := &m.doc.Statements[i], m.report(i)
	if report.Status == "" {
		return nil
	}
	blame := terms(report.Blame, func(path diag.Path) *ast.Term { return pathTerm(path, len(st.Path)) })
	return []member{
		every.text("status", string(report.Status)), every.numbers("by", report.By), every.known("why", report.Why),
		every.term("blame", blame), every.term("not_known_to_be_sent", some(report.Unsent, text)),
	}
}

// stranger reports whether a statement lets in callers whom nothing names, one of them, and what would settle it.
func (m *meaning) stranger(statement int) (answer access.Answer, witness *diag.Witness, undecided access.ReasonKind) {
	if m.analysis.Plain() { // every principal is named
		return access.No, nil, ""
	}
	answer, witness = m.analysis.LetsOutsiderIn(statement)
	return answer, witness, m.analysis.OutsiderUndecided(statement)
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

// namedAs are services under the names that are filled in for those that are not known in full, but which they are.
func (m *meaning) namedAs(doc *policy.Document, list []access.Deputy) []access.Deputy {
	if doc == m.doc {
		return list
	}
	filled, names := map[string]string{}, map[string]string{}
	for _, p := range principalsOf(doc) {
		filled[p.Path.Pointer()] = p.Text
	}
	for _, p := range principalsOf(m.doc) {
		if name, ok := filled[p.Path.Pointer()]; ok && isServiceKnown(p) {
			names[p.Text] = name
		}
	}
	list = slices.Clone(list)
	for i := range list {
		if name, ok := names[list[i].Service]; ok {
			list[i].Service = name
		}
	}
	return list
}

// saysOfPolicy is the answer to a trigger of access for the policy: whether there is something for a rule to check, or
// there may be.
func (m *meaning) saysOfPolicy(name string) bool {
	if !m.known {
		return true
	}
	a := m.analysis
	if slices.Contains([]string{"access.lockout", "access.able", "access.statements"}, name) && m.analysis.Plain() {
		return false
	}
	switch name {
	case "access.lockout":
		l, e := a.Lockout(), a.Editing()
		return l.Editors != access.EditorsAlways || l.DurableAnswer != access.Yes || e.Account != access.EditorsAlways ||
			e.Undenied != access.EditorsAlways || len(e.DeniedBy) > 0
	case "access.external":
		return len(a.External()) > 0 || a.Undecided(access.AskExternal) != ""
	case "access.public":
		answer, _ := a.Public()
		return answer != access.No
	case "access.confused_deputy":
		return len(a.ConfusedDeputy()) > 0 || a.Undecided(access.AskDeputies) != ""
	case "access.able":
		const yes = access.Yes
		return a.Able() != (access.Able{ReadPolicy: yes, Describe: yes, ScheduleDeletion: yes, CancelDeletion: yes, Enable: yes, Use: yes})
	case "access.unattested":
		u := a.Unattested()
		return len(u.Direct) > 0 || len(u.Delegated) > 0 || u.Undecided != ""
	default:
		return slices.ContainsFunc(m.doc.Statements, func(st policy.Statement) bool { return m.saysOfStatement(name, st.Index) })
	}
}

// saysOfStatement is the same for one statement.
func (m *meaning) saysOfStatement(name string, i int) bool {
	if !m.known {
		return true
	}
	switch name {
	case "access.stranger":
		if m.doc.Statements[i].Effect.Value != "Allow" {
			return false
		}
		answer, _, _ := m.stranger(i)
		return answer != access.No
	case "access.statements":
		return !m.analysis.Plain() && m.report(i).Status != access.Live
	case "access.confused_deputy":
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
