package access

import (
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

type exhaustive struct {
	t        *testing.T
	m        *model
	env      Env
	analysis *Analysis
	report   *Report
	lets     []Answer
}

func (e *exhaustive) own(r *request) bool {
	return r.caller.kind != callerService && r.caller.account == testAccount
}

// request holds one request against all that the analysis says never happens.
func (e *exhaustive) request(r *request) {
	if !holdsUp(e.t, e.m, e.report, r) {
		return
	}
	d := e.m.evaluate(r).decision
	in := e.mayGetIn(r) // what may be is not a NO either
	l := e.report.Lockout
	if e.own(r) && r.action.name == putKeyPolicy && in {
		switch {
		case l.Editors == EditorsNone:
			e.t.Errorf("no principal can edit, they say: %s", d)
		case l.RootUserAnswer == No && r.caller.kind == callerRoot:
			e.t.Errorf("the root user cannot, they say: %s", d)
		case l.DurableAnswer == No && (r.caller.kind == callerRoot || r.caller.name == "carol"):
			e.t.Errorf("editors can all be deleted, they say: %s", d)
		}
	}
	settled := len(e.report.Unknown) == 0
	if outside := r.caller.kind != callerService && !e.own(r) && !trusted(e.m, r); outside && in && settled && !e.listed(r) {
		e.t.Errorf("%s is not among the external %+v", d, e.report.External)
	}
	if e.outsider(r) && in {
		if e.report.Public == No {
			e.t.Errorf("not public, they say: %s", d)
		}
		for i, answer := range e.lets {
			if answer == No && e.m.statements[i].allow && e.m.match(&e.m.statements[i], r, delegated) != no {
				e.t.Errorf("statement %d lets no outsider in, they say: %s", i, d)
			}
		}
	}
	if r.caller.kind == callerService && in && settled && e.unvouched(r) && e.named(r) {
		if !slices.ContainsFunc(e.report.ConfusedDeputy, func(x Deputy) bool { return x.Service == r.caller.name }) {
			e.t.Errorf("%s is not a confused deputy, they say: %s", r.caller.name, d)
		}
	}
	for i := range e.m.statements {
		st := &e.m.statements[i]
		if e.report.Statements[i].Status == NeverMatches && e.m.match(st, r, delegated) != no && (st.deny || e.own(r) || r.caller.kind == callerService || r.action.cross == yes) {
			e.t.Errorf("statement %d never matches, they say", i)
		}
	}
}

// mayGetIn reports whether the request is allowed, or may be as far as AWS says.
func (e *exhaustive) mayGetIn(r *request) bool {
	may := false
	for i := range e.m.statements {
		st := &e.m.statements[i]
		if st.deny && !st.allow && e.m.match(st, r, delegated) == yes {
			return false
		}
		got, _ := e.m.effect(direct, r)
		may = may || st.allow && r.action.effective && got != none && e.m.match(st, r, delegated) != no
	}
	return may
}

// listed reports whether an external principal of the report represents the caller and the action.
func (e *exhaustive) listed(r *request) bool {
	return slices.ContainsFunc(e.report.External, func(x External) bool {
		if !slices.Contains(x.Actions, r.action.name) {
			return false
		}
		switch x.Principal {
		case "any account", "account " + r.caller.account, r.caller.arn(), r.caller.principalARN():
			return true
		}
		if account, ok := strings.CutPrefix(x.Principal, "account "); ok {
			return glob.New(glob.Chars(account)).Match(r.caller.account)
		}
		return glob.New(glob.Chars(x.Principal)).Match(r.caller.principalARN())
	})
}

// outsider is a caller of an account that nothing names, from nowhere that the policy names.
func (e *exhaustive) outsider(r *request) bool {
	if r.caller.account != "777788889999" {
		return false
	}
	for _, lower := range []string{"aws:principalorgid", "aws:principalorgpaths", "aws:sourceip", "aws:sourcevpce", "aws:userid", "aws:sourceaccount", "aws:sourcearn"} {
		if len(r.ctx[lower]) > 0 {
			return false
		}
	}
	return true
}

func (e *exhaustive) unvouched(r *request) bool {
	for _, lower := range []string{"aws:sourceaccount", "aws:sourcearn", encryptionPrefix + "app"} {
		if len(r.ctx[lower]) > 0 {
			return false
		}
	}
	return true
}

// named reports whether a statement that names the service matches: one for everyone is public, whoever its deputies are.
func (e *exhaustive) named(r *request) bool {
	return slices.ContainsFunc(e.m.statements, func(st statement) bool {
		return st.allow && e.m.match(&st, r, delegated) != no && slices.ContainsFunc(st.src.Principals, func(p policy.Principal) bool { return p.Text == r.caller.name })
	})
}

// caller holds the safety check for one caller against all of its requests.
func (e *exhaustive) caller(list []*request) {
	for _, r := range list {
		if r.action.name != putKeyPolicy || r.caller.arn() != e.env.Caller || doubtfulRequest(r) {
			continue
		}
		d := e.m.evaluate(r).decision
		bad := false
		switch e.report.Lockout.Caller {
		case CallerPass:
			bad = d != Allowed
		case CallerPassIfIAM:
			bad = !getsIn(d)
		case CallerFail:
			bad = e.mayGetIn(r)
		case CallerConditional, CallerUnknown:
		}
		if bad {
			e.t.Errorf("caller %s: %s, they say, and %s for %v", e.env.Caller, e.report.Lockout.Caller, d, r.ctx)
			return
		}
	}
}

// witnesses asks Simulate for every request that the report shows.
func (e *exhaustive) witnesses() {
	check := func(what string, w Request, fits func(d Decision) bool) {
		got, err := Simulate(e.m.doc, e.env, w)
		if err != nil || !fits(got.Decision) {
			e.t.Errorf("witness of %s: %+v gets %s (%v)", what, w, got.Decision, err)
		}
	}
	if w := e.report.Lockout.Witness; w != nil {
		check("editors", *w, getsIn)
	}
	for _, x := range e.report.External {
		check("external "+x.Principal, x.Witness, func(d Decision) bool { return d == x.Decision || getsIn(d) && x.Decision == NeedsIdentityPolicy })
	}
	for _, x := range e.report.ConfusedDeputy {
		check("deputy "+x.Service, x.Witness, getsIn)
	}
	if answer, w := e.analysis.Public(); answer == Yes {
		check("public", *w, getsIn)
	}
	for i := range e.m.statements {
		if answer, w := e.analysis.LetsOutsiderIn(i); answer == Yes {
			check("statement", *w, getsIn)
		}
	}
}
