package access

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

func allActions() []action {
	var list []action
	for _, f := range facts.Actions() {
		list = append(list, actionOf(f))
	}
	return list
}

// rounds is how many random policies a test looks at; KEYPOLICY_ROUNDS makes it more.
func rounds(t *testing.T, usual int) int {
	t.Helper()
	if n, err := strconv.Atoi(os.Getenv("KEYPOLICY_ROUNDS")); err == nil {
		return n
	}
	return usual
}

func requestsFor(g generator, m *model, n int) []*request {
	var looked []string
	for i := range m.statements {
		for j := range m.statements[i].conditions {
			looked = append(looked, m.statements[i].conditions[j].key.lower)
		}
	}
	var list []*request
	for len(list) < n {
		if r := g.request(m); m.feasible(r, looked) && !secondOfItsName(m, &r.caller) {
			list = append(list, r)
		}
	}
	return list
}

// secondOfItsName says that a session's role has the name, under another path, of one that the policy speaks of: names are
// unique in an account.
func secondOfItsName(m *model, c *caller) bool {
	if c.kind != callerSession {
		return false
	}
	named := len(m.rolePaths(*c)) > 0
	for i := range m.doc.Statements {
		for _, p := range slices.Concat(m.doc.Statements[i].Principals, m.doc.Statements[i].NotPrincipals) {
			named = named || p.Kind == policy.Session && p.Account == c.account && p.Name == c.name
		}
	}
	return named && !slices.ContainsFunc(m.withPaths(*c), func(o caller) bool { return o.path == c.path })
}

// TestNoIsNeverWrong holds every NO of an analysis against many requests that the evaluator decides.
func TestNoIsNeverWrong(t *testing.T) {
	unknown, all := 0, 0
	for seed := range rounds(t, 60) {
		g := generator{rand.New(rand.NewPCG(uint64(seed), 1))}
		text := g.policy(5)
		doc := read(t, text)
		m := newModel(doc, testEnv(), testAccount)
		report := Analyze(doc, testEnv())
		all++
		if len(report.Unknown) > 0 {
			unknown++
		}
		for _, r := range requestsFor(g, m, 400) {
			if !holdsUp(t, m, report, r) {
				t.Fatalf("seed %d: %s\nrequest %+v", seed, text, r)
			}
		}
	}
	t.Logf("%d of %d policies had something unknown", unknown, all)
}

func holdsUp(t *testing.T, m *model, report *Report, r *request) bool {
	t.Helper()
	d := m.evaluate(r).decision
	own := r.caller.kind != callerService && r.caller.account == testAccount
	if own && r.action.name == putKeyPolicy && getsIn(d) && report.Lockout.Editors == EditorsNone {
		t.Errorf("no principal can edit, they say")
		return false
	}
	if own && r.action.name == putKeyPolicy && getsIn(d) && r.caller.kind == callerRoot && report.Lockout.RootUserAnswer == No {
		t.Errorf("the root user cannot, they say")
		return false
	}
	if getsIn(d) && r.caller.kind != callerService && !own && !trusted(m, r) && len(report.External) == 0 && len(report.Unknown) == 0 {
		t.Errorf("nobody external, they say: %s", d)
		return false
	}
	for i := range m.statements {
		st := &m.statements[i]
		matches := m.match(st, r, delegated) == yes
		switch report.Statements[i].Status {
		case NeverMatches:
			if matches && (st.deny || own || r.caller.kind == callerService || r.action.cross == yes) {
				t.Errorf("statement %d never matches, they say", i)
				return false
			}
		case Shadowed:
			if matches && getsIn(d) && slices.Contains(m.evaluate(r).statements, i) {
				t.Errorf("statement %d is shadowed, they say", i)
				return false
			}
		case GrantsOnly:
			if matches && getsIn(m.evaluateBut(r, map[int]bool{i: true}).decision) {
				t.Errorf("statement %d takes nothing away, they say", i)
				return false
			}
		case Live, Redundant, StatusUnknown:
		}
	}
	without := map[int]bool{}
	for i, st := range report.Statements {
		if st.Status == Redundant {
			without[i] = true
		}
	}
	if x := m.evaluateBut(r, without).decision; x != d && d != Undecided && x != Undecided {
		t.Errorf("without redundant statements %v: %s, with %s", without, x, d)
		return false
	}
	if getsIn(d) && len(report.Unknown) == 0 && !vouchedStranger(m, r) && !inMatrix(m, report.Matrix, r, d) {
		t.Errorf("%s is not in the matrix %+v", d, report.Matrix)
		return false
	}
	return true
}

// trusted reports whether the caller is in a trusted account or organization.
func trusted(m *model, r *request) bool {
	org := r.ctx["aws:principalorgid"]
	if slices.Contains(m.env.TrustAccounts, r.caller.account) || len(org) > 0 && slices.Contains(m.env.TrustOrgs, org[0]) {
		return true
	}
	return vouchedStranger(m, r)
}

// vouchedStranger: of a caller whose account the policy does not name it counts whom it acts for.
func vouchedStranger(m *model, r *request) bool {
	return r.caller.kind != callerService && !slices.Contains(Accounts(m.doc), r.caller.account) && slices.ContainsFunc([]string{"aws:sourceaccount", "aws:sourcearn"}, func(lower string) bool {
		return len(r.ctx[lower]) > 0 && strings.Contains(r.ctx[lower][0], testAccount)
	})
}

// inMatrix reports whether a row speaks of the action for the caller, its account or anyone.
func inMatrix(m *model, rows []Row, r *request, _ Decision) bool {
	names := []string{"*", r.caller.arn(), r.caller.principalARN(), policy.AccountARN("aws", r.caller.account)}
	for _, row := range rows {
		if r.caller.kind == callerFederated && strings.HasSuffix(row.Principal, "/"+r.caller.name) {
			return true // a user's row represents federated users of the name too
		}
		ofName := r.caller.kind == callerUser && row.Kind == "user" && strings.HasSuffix(row.Principal, "/"+r.caller.name) // aws:username has no path
		known := ofName || slices.Contains(names, row.Principal) || glob.New(glob.Chars(row.Principal)).Match(r.caller.principalARN()) ||
			row.Kind == "account" && glob.New(glob.Chars(row.Principal)).Match(policy.AccountARN("aws", r.caller.account))
		if known && slices.Contains(row.Actions, r.action.name) {
			return true
		}
	}
	return r.caller.kind == callerService && !slices.ContainsFunc(m.doc.Statements, func(st policy.Statement) bool {
		return slices.ContainsFunc(st.Principals, func(p policy.Principal) bool { return p.Text == r.caller.name })
	})
}

// TestDifferencesAreWhole holds differences against requests that both policies decide, and every witness against the
// evaluator by way of Simulate.
func TestDifferencesAreWhole(t *testing.T) {
	equal := 0
	for seed := range rounds(t, 60) {
		g := generator{rand.New(rand.NewPCG(uint64(seed), 2))}
		oldText, newText := g.policy(3), g.policy(3)
		if seed%3 == 0 {
			newText = strings.Replace(oldText, `],"Version"`, ","+string(mustJSON(g.statement()))+`],"Version"`, 1)
		}
		oldDoc, newDoc := read(t, oldText), read(t, newText)
		d := Diff(oldDoc, newDoc, testEnv(), testEnv())
		if d.Equivalent {
			equal++
		}
		oldModel, newModel := newModel(oldDoc, testEnv(), testAccount), newModel(newDoc, testEnv(), testAccount)
		for _, r := range requestsFor(g, oldModel, 300) {
			was, now := oldModel.evaluate(r).decision, newModel.evaluate(r).decision
			if was == now || was == Undecided || now == Undecided || len(d.Unknown) > 0 {
				continue
			}
			if !reports(d, r, was, now) {
				t.Fatalf("seed %d: %s -> %s is not reported\nold %s\nnew %s\nrequest %+v\n%+v", seed, was, now, oldText, newText, r, d)
			}
		}
		for _, c := range slices.Concat(d.Added, d.Removed) {
			was, err := Simulate(oldDoc, testEnv(), c.Witness)
			now, err2 := Simulate(newDoc, testEnv(), c.Witness)
			if err != nil || err2 != nil || was.Decision != c.Was || now.Decision != c.Decision {
				t.Fatalf("seed %d: witness %+v: %s (%v) -> %s (%v), claimed %s -> %s\nold %s\nnew %s", seed, c.Witness, was.Decision, err, now.Decision, err2, c.Was, c.Decision, oldText, newText)
			}
		}
	}
	t.Logf("%d pairs equivalent", equal)
}

func reports(d *Difference, r *request, was, now Decision) bool {
	for _, c := range slices.Concat(d.Added, d.Removed) {
		if c.Was == was && c.Decision == now && slices.Contains(c.Actions, r.action.name) {
			return true
		}
	}
	return false
}
