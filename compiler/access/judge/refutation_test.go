package judge_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/facts"
)

// refutation is a claim of the engine that a request refutes.
type refutation struct {
	law, detail string
	request     *request
}

func (r refutation) String() string { return fmt.Sprintf("%s: %s\n  %s", r.law, r.detail, r.request) }

// keyName is a condition key, by itself or in a policy variable.
var keyName = regexp.MustCompile(`(aws|kms):[\w/-]+`)

// properties are the condition keys of a policy that say what the KMS key is, but for the account that it is in, which is known.
func properties(text string) []string {
	return slices.DeleteFunc(keyName.FindAllString(strings.ToLower(text), -1), func(key string) bool {
		says := facts.KeySays(key)
		return !says.OfResource() || says == facts.ResourceAccount
	})
}

// judgeSimulation holds simulate's decisions against the judge's.
func judgeSimulation(text string, requests []*request) (found []refutation) {
	p, simulator := mustParse(text), access.NewSimulator(document(text), environment())
	absent := properties(text)
	for _, r := range requests {
		want := p.decide(owner, r)
		got, err := simulator.Simulate(r.asked(absent...))
		switch {
		case err != nil:
			found = append(found, refutation{"simulate refuses", err.Error(), r})
		case got.Decision == access.Undecided && want.settled(), got.Decision != access.Undecided && decisionOf(got.Decision)&want == 0:
			found = append(found, refutation{"simulate", fmt.Sprintf("judge %s, engine %s %v", want, got.Decision, got.Reasons), r})
		}
	}
	return found
}

// judgeReport holds what an analysis says never happens against requests.
func judgeReport(text string, env access.Env, requests []*request) (found []refutation) {
	return judgeReportOf(text, access.Analyze(document(text), env), env, requests)
}

func judgeReportOf(text string, report *access.Report, env access.Env, requests []*request) (found []refutation) {
	p := mustParse(text)
	say := func(r *request, law, format string, args ...any) {
		found = append(found, refutation{law, fmt.Sprintf(format, args...), r})
	}
	for _, r := range requests {
		d := p.decide(owner, r)
		in := d&^getsIn == 0
		outside := r.caller.kind != service && r.caller.account != owner
		fact, _ := facts.LookupAction(r.action)
		for i, st := range report.Statements {
			if outside && !fact.CrossAccount {
				break // it has no effect either way
			}
			effective := p.effective(i, owner, r)
			without := p.decideWithout(owner, r, i)
			switch st.Status {
			case access.NeverMatches:
				if effective == yes {
					say(r, "never_matches", "statement %d matches", i)
				}
			case access.Shadowed:
				if effective == yes && p.statements[i].allow && d&explicitDeny == 0 {
					say(r, "shadowed", "statement %d matches, and no Deny", i)
				}
			case access.Redundant:
				if d&without == 0 {
					say(r, "redundant", "without statement %d %s becomes %s", i, d, without)
				}
			case access.GrantsOnly:
				if effective == yes && without&^getsIn == 0 {
					say(r, "grants_only", "without statement %d it is %s", i, without)
				}
			case access.Live, access.StatusUnknown:
			}
		}
		if r.action == "kms:PutKeyPolicy" && !outside && r.caller.kind != service && in {
			l := report.Lockout
			if l.Editors == access.EditorsNone {
				say(r, "editors", "nobody, they say: %s", d)
			}
			if l.RootUserAnswer == access.No && r.caller.kind == root {
				say(r, "root_user", "false, they say: %s", d)
			}
			if l.DurableAnswer == access.No && r.caller.kind == root {
				say(r, "durable", "false, they say: %s", d)
			}
		}
		stranger := outside && !vouched(p, env, r) && !slices.Contains(env.TrustAccounts, r.caller.account) &&
			!slices.ContainsFunc(r.context["aws:principalorgid"], func(id string) bool { return slices.Contains(env.TrustOrgs, id) })
		if stranger && in && len(report.Unknown) == 0 {
			if !slices.ContainsFunc(report.External, func(e access.External) bool {
				return slices.Contains(e.Actions, r.action) && covers(e.Principal, "", r.caller) && !never(e.Except, r) && fits(e.Conditions, r) != no
			}) {
				say(r, "external", "%s is in no entry of %s", d, externals(report.External))
			}
		}
		if in && d.settled() && !(outside && !fact.CrossAccount) && !(outside && vouched(p, env, r)) && len(report.Unknown) == 0 && !slices.ContainsFunc(report.Matrix, func(row access.Row) bool {
			return slices.Contains(row.Actions, r.action) && (decisionOf(row.Decision) == d || row.Kind == "account" || row.Kind == "anyone" && r.caller.kind == root) && covers(row.Principal, row.Kind, r.caller) && !never(row.Except, r) && fits(row.Conditions, r) != no
		}) {
			say(r, "matrix", "%s is in no row of %s", d, rows(report.Matrix))
		}
		for _, row := range report.Matrix {
			many := row.Kind == "anyone" && outside || row.Kind == "account" || row.Kind != "anyone" && strings.Contains(row.Principal, "*")
			if len(report.Unknown) == 0 && many && r.caller.kind != service && r.caller.kind != federated && !(outside && (!fact.CrossAccount || vouched(p, env, r))) && covers(row.Principal, row.Kind, r.caller) && kindFits(row.Kind, r.caller) &&
				slices.Contains(row.Actions, r.action) && fits(row.Conditions, r) == yes && d&getsIn == 0 && !excepted(row, r) {
				say(r, "row of many", "%s %s %v %s except %v, they say: %s", row.Principal, row.Decision, row.Actions, row.Conditions.Text, row.Except, d)
			}
		}
		for _, row := range report.Matrix { // a role's row is of its sessions but for those that the policy names
			if len(report.Unknown) == 0 && names(row, r.caller) && !(row.Kind == "role" && strings.Contains(text, r.caller.arn())) && slices.Contains(row.Actions, r.action) && fits(row.Conditions, r) == yes && d&getsIn == 0 {
				say(r, "row of the matrix", "%s %s %v %s, they say: %s", row.Principal, row.Decision, row.Actions, row.Conditions.Text, d)
			}
		}
		if stranger && in && report.Public == access.No && freshOutsider(p, r) {
			say(r, "public", "no, they say: %s", d)
		}
		if r.caller.kind == service && in && len(report.Unknown) == 0 && driven(p, r) {
			var names []string
			for _, e := range report.ConfusedDeputy {
				names = append(names, e.Service)
			}
			switch {
			case slices.ContainsFunc(names, func(name string) bool { return name != access.AnyOtherService && covers(name, "service", r.caller) }):
			case named(p, r):
				say(r, "confused_deputy", "%s is not in %v", r.caller.service, names)
			case report.Public == access.No && !slices.Contains(names, "any other service") && !inNamedContext(p, r): // by "*"
				say(r, "confused_deputy of everybody", "%s is not in %v, and it is not public", r.caller.service, names)
			}
		}
	}
	return found
}

// judgeEditors holds what an analysis says of who can change the policy against every caller of the key's account.
func judgeEditors(seed uint64, text string) (found []refutation) {
	p := mustParse(text)
	l := access.Analyze(document(text), environment()).Lockout
	if l.Editors != access.EditorsAlways {
		return nil
	}
	g := newGrid(seed, p)
	var last *request
	for _, c := range slices.Concat(g.callers, besides(text, p, g.callers)) {
		if c.kind == service || c.account != owner {
			continue
		}
		one := []caller{c}
		var refused *request
		try := func(r *request) {
			r.action = "kms:PutKeyPolicy"
			if r = g.complete(r); r.documented() && p.decide(owner, r)&getsIn == 0 {
				refused = r
			}
		}
		for range 8 {
			r := g.request()
			r.caller = c
			try(r)
		}
		for i := range p.statements {
			for range 4 {
				try(g.towards(&p.statements[i], one))
			}
		}
		if refused == nil {
			return nil
		}
		last = refused
	}
	return []refutation{{"editors always", "each caller is refused in some context", last}}
}

// besides are callers as they can be too: users whose names are written in another case than the policy has them, and sessions whose roles
// are in paths that patterns name, where the policy does not name the roles.
func besides(text string, p *policy, callers []caller) (list []caller) {
	for _, st := range p.statements {
		for _, cond := range st.conditions {
			for _, v := range cond.values {
				if cond.key == "aws:username" && !strings.ContainsAny(v, "*?$") {
					list = append(list, caller{kind: user, account: owner, name: strings.ToUpper(v)})
				}
				_, path, role := strings.Cut(v, ":role/")
				path, _, pattern := strings.Cut(path, "*")
				if cond.key != "aws:principalarn" || !role || !pattern || !strings.HasSuffix(path, "/") || strings.HasPrefix(path, "aws-") {
					continue
				}
				for _, c := range callers {
					if c.kind == session && c.path == "" && !strings.Contains(text, c.account+":role/"+c.name+`"`) {
						c.path = path
						list = append(list, c)
					}
				}
			}
		}
	}
	return list
}

// names reports whether a row is only for the caller.
func names(row access.Row, c caller) bool {
	switch row.Kind {
	case "user", "session", "service", "federated_user":
		return row.Principal == c.arn()
	case "root_user":
		return c.kind == root && row.Principal == c.arn()
	case "role":
		return c.kind == session && row.Principal == c.roleARN()
	}
	return false
}

// excepted reports whether a row about many says that the caller may less.
func excepted(row access.Row, r *request) bool {
	return slices.ContainsFunc(row.Except, func(e access.Exception) bool {
		return slices.Contains(e.Actions, r.action) && covers(e.Principal, e.Kind, r.caller) && kindFits(e.Kind, r.caller)
	})
}

// never reports whether a row about many says that the caller may not do it at all.
func never(list []access.Exception, r *request) bool {
	return slices.ContainsFunc(list, func(e access.Exception) bool {
		another := e.Kind == "user" && !strings.Contains(e.Principal, "*") && e.Principal != r.caller.arn() // of the name, in another path
		return e.Never && slices.Contains(e.Actions, r.action) && covers(e.Principal, e.Kind, r.caller) && kindFits(e.Kind, r.caller) && !another
	})
}

// kindFits reports whether a row is about callers of a kind.
func kindFits(kindText string, c caller) bool {
	switch kindText {
	case "user":
		return c.kind == user
	case "role":
		return c.kind == session
	case "root_user":
		return c.kind == root
	}
	return true
}

func rows(list []access.Row) string {
	var out []string
	for _, row := range list {
		out = append(out, fmt.Sprintf("%s (%s) %s %v (%s)", row.Principal, row.Kind, row.Decision, row.Actions, row.Conditions.Text))
	}
	return strings.Join(out, "; ")
}

func externals(list []access.External) string {
	var out []string
	for _, e := range list {
		out = append(out, fmt.Sprintf("%s %v (%s)", e.Principal, e.Actions, e.Conditions.Text))
	}
	return strings.Join(out, "; ")
}

// judgeDifference holds a difference of two policies against requests.
func judgeDifference(oldText, newText string, requests []*request) (found []refutation) {
	return judgeDifferenceOf(oldText, newText, access.Diff(document(oldText), document(newText), environment(), environment()), requests)
}

func judgeDifferenceOf(oldText, newText string, diff *access.Difference, requests []*request) (found []refutation) {
	before, after := mustParse(oldText), mustParse(newText)
	for _, r := range requests {
		if fact, ok := facts.LookupAction(r.action); !ok || r.caller.kind != service && r.caller.account != owner && !fact.CrossAccount {
			continue // it has no effect either way
		}
		was, now := before.decide(owner, r), after.decide(owner, r)
		if was&now != 0 {
			continue
		}
		switch {
		case diff.Equivalent:
			found = append(found, refutation{"equivalent", fmt.Sprintf("%s becomes %s", was, now), r})
		case len(diff.Unknown) > 0:
		case !covered(diff.Added, r, was, now) && !covered(diff.Removed, r, was, now):
			found = append(found, refutation{"difference", fmt.Sprintf("%s becomes %s, in no entry of\n%s", was, now, changes(diff)), r})
		}
	}
	return found
}

func changes(d *access.Difference) string {
	var b strings.Builder
	for _, e := range slices.Concat(d.Added, d.Removed) {
		fmt.Fprintf(&b, "    %s (%s) %s was %s: %v %s\n", e.Principal, e.Kind, e.Decision, e.Was, e.Actions, e.Conditions.Text)
	}
	return b.String()
}
