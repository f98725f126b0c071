package uses

import (
	"maps"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// explain finds what is in the way of the requests that are refused, by asking the engine about each statement
// without one of its parts.
func (j *Judge) explain(use facts.Use, a *Answer) {
	verdict := Fulfilled
	for i := range a.Requests {
		r := &a.Requests[i]
		if r.Verdict == Refused {
			j.explainRequest(use, a, r)
		}
		verdict = worse(verdict, r.Verdict)
	}
	a.Verdict = verdict
}

func (j *Judge) explainRequest(use facts.Use, a *Answer, r *Decided) {
	at := location{a.Values["account"], a.Values["region"]}
	x := &explanation{judge: j, at: at, env: j.envAt(at), request: r, notSent: notSent(use, r)}
	if r.Decision == access.ExplicitDeny {
		for i := range r.Obstacles {
			x.denied(&r.Obstacles[i])
		}
	} else {
		r.Obstacles = x.nearest()
	}
	if j.meter.cut {
		r.Obstacles = nil // they are of half a search
		return
	}
	if len(r.Obstacles) > 0 && !slices.ContainsFunc(r.Obstacles, func(o Obstacle) bool { return !o.Open }) {
		r.Verdict = NotDocumented
	}
}

// notSent are the keys that AWS documents that the service does not send with a request.
func notSent(use facts.Use, r *Decided) []string {
	var keys []string
	for _, known := range use.Requests {
		if slices.Contains(known.Actions, r.Written) {
			for _, key := range known.NotSent {
				keys = append(keys, strings.ToLower(key))
			}
		}
	}
	return keys
}

// explanation is the search for what is in the way of one request.
type explanation struct {
	judge   *Judge
	at      location
	env     access.Env
	request *Decided
	notSent []string
}

// allows reports whether a statement by itself lets the request through.
func (x *explanation) allows(st policy.Statement) bool {
	doc := *x.judge.doc
	doc.Statements, doc.Problems = []policy.Statement{st}, nil
	result, err := x.judge.meter.simulate(access.NewSimulator(&doc, x.env), access.Request{Principal: x.request.Principal, Action: x.request.Action, Context: maps.Clone(x.request.Context)})
	return err == nil && (result.Decision == access.Allowed || result.Decision == access.NeedsIdentityPolicy)
}

// nearest are the obstacles in the statement that has the fewest of them.
func (x *explanation) nearest() []Obstacle {
	var best []Obstacle
	for i := range x.judge.doc.Statements {
		st := &x.judge.doc.Statements[i]
		if st.Effect.Value != "Allow" {
			continue
		}
		found := x.inStatement(st)
		if len(found) == 0 {
			continue
		}
		if best == nil || weight(found) < weight(best) || weight(found) == weight(best) && x.isFor(st) && !x.isFor(&x.judge.doc.Statements[best[0].Statement]) {
			best = found
		}
	}
	return best
}

// isFor reports whether a statement names the request's principal itself, and not its account.
func (x *explanation) isFor(st *policy.Statement) bool {
	return slices.ContainsFunc(st.Principals, func(p policy.Principal) bool { return p.Text == x.request.Principal })
}

// weight is how much is in the way: another name of the principal counts for more than all the rest, and of two statements
// with one thing in the way the one that has the action is meant.
func weight(list []Obstacle) int {
	const principal = 50
	n := 0
	for _, o := range list {
		switch {
		case o.Kind == OtherPrincipal:
			n += principal
		case o.Kind == OtherActions:
			n += 3
		case !o.Open:
			n += 2
		default:
			n++
		}
	}
	return n
}

// inStatement are the obstacles in an Allow statement; none where it is not for the principal at all.
func (x *explanation) inStatement(st *policy.Statement) []Obstacle {
	bare := *st
	bare.Conditions = nil
	bare = anyAction(bare)
	if !x.allows(bare) {
		if path, ok := x.sameService(st); ok {
			return []Obstacle{{Kind: OtherPrincipal, Statement: st.Index, Path: path}}
		}
		if x.allows(anyResource(bare)) {
			return []Obstacle{{Kind: OtherResource, Statement: st.Index, Path: element(st, "Resource", "NotResource")}}
		}
		return nil
	}
	var list []Obstacle
	acting := *st
	acting.Conditions = nil
	if !x.allows(acting) {
		list = append(list, Obstacle{Kind: OtherActions, Statement: st.Index, Path: element(st, "Action", "NotAction")})
	}
	for i, c := range st.Conditions {
		one := bare
		one.Conditions = st.Conditions[i : i+1]
		if x.allows(one) {
			continue
		}
		list = append(list, x.condition(st, c))
	}
	if len(list) == 0 && x.request.Decision == access.NeedsIdentityPolicy {
		return nil // it delegates, and nothing more
	}
	return list
}

func (x *explanation) condition(st *policy.Statement, c policy.Condition) Obstacle {
	o := Obstacle{Kind: OtherCondition, Statement: st.Index, Path: c.Key.Path, Key: c.Key.Value}
	o.NotSent = slices.Contains(x.notSent, strings.ToLower(c.Key.Value))
	o.Open = !o.NotSent && x.isOpen(c)
	return o
}

// denied says of a Deny statement whether it depends on a key that is not documented.
func (x *explanation) denied(o *Obstacle) {
	i := slices.IndexFunc(x.judge.doc.Statements, func(st policy.Statement) bool { return st.Index == o.Statement })
	if i < 0 {
		return
	}
	for _, c := range x.judge.doc.Statements[i].Conditions {
		if !slices.Contains(x.notSent, strings.ToLower(c.Key.Value)) && x.isOpen(c) {
			o.Open, o.Key = true, c.Key.Value
		}
	}
}

// isOpen reports whether the service may send a condition's key with the request, as far as AWS's pages say: they do not
// have it among what is sent, and the engine takes a request that has it.
func (x *explanation) isOpen(c policy.Condition) bool {
	context := map[string][]string{}
	for key, values := range x.request.Context {
		if strings.EqualFold(key, c.Key.Value) {
			return false
		}
		context[key] = values
	}
	for _, v := range c.Values {
		value := strings.NewReplacer("*", "x", "?", "x").Replace(v.Value)
		if strings.Contains(value, "${") {
			value = "x"
		}
		context[c.Key.Value] = []string{value}
		s := x.judge.simulator(x.judge.simulators, x.judge.doc, x.at)
		_, err := x.judge.meter.simulate(s, access.Request{Principal: x.request.Principal, Action: x.request.Action, Context: maps.Clone(context)})
		if err == nil {
			return !x.judge.meter.cut
		}
	}
	return false
}

// sameService finds a principal of a statement that is the request's service by another name.
func (x *explanation) sameService(st *policy.Statement) (diag.Path, bool) {
	name, _, _ := strings.Cut(x.request.Principal, ".")
	for _, p := range st.Principals {
		if other, _, _ := strings.Cut(p.Text, "."); p.Kind == policy.Service && other == name && p.Text != x.request.Principal {
			return p.Path, true
		}
	}
	return nil, false
}

// anyAction is a statement for every action.
func anyAction(st policy.Statement) policy.Statement {
	st.Actions, st.NotActions = []policy.Text{{Value: "kms:*"}}, nil
	st.Node = without(st.Node, "Action", "NotAction", "Action")
	return st
}

// anyResource is a statement for every key.
func anyResource(st policy.Statement) policy.Statement {
	st.Resources, st.NotResources = []policy.Text{{Value: "*"}}, nil
	st.Node = without(st.Node, "Resource", "NotResource", "Resource")
	return st
}

// without is a statement's node with one field in the place of two others: that it is there is all that counts.
func without(n *source.Node, one, other, with string) *source.Node {
	c := *n
	c.Members = slices.DeleteFunc(slices.Clone(n.Members), func(m source.Member) bool { return m.Key.Text == one || m.Key.Text == other })
	c.Members = append(c.Members, source.NewMember(with, n.Place, source.NewScalar("*", n.Place)))
	return &c
}

// element is the path of whichever of two elements a statement has.
func element(st *policy.Statement, names ...string) diag.Path {
	for _, name := range names {
		if st.Has(name) {
			return append(slices.Clone(st.Path), name)
		}
	}
	return st.Path
}
