package judge_test

import (
	"fmt"
	"maps"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// core are callers of each kind, in the key's account and outside of it.
var core = []caller{
	{kind: root, account: owner},
	{kind: user, account: owner, name: "zed"},
	{kind: session, account: owner, name: "app", session: "s1"},
	{kind: federated, account: owner, name: "zed"},
	{kind: user, account: partner, name: "zed"},
	{kind: session, account: partner, name: "app", session: "s1"},
	{kind: root, account: fresh},
	{kind: user, account: fresh, name: "zed"},
	{kind: session, account: fresh, name: "app", session: "s1"},
	{kind: service, service: "sns.amazonaws.com"},
	{kind: service, service: "events.amazonaws.com"},
}

// everyRequest are every caller with every action and every value of the keys that distinguishes something.
func everyRequest(p *policy, actions []string) (list []*request) {
	seen := map[string]bool{}
	seeds := 1
	if p.looksAt("aws:userid") {
		seeds = 3 // each user and role has one id in a grid
	}
	for seed := range seeds {
		g := newGrid(uint64(seed)+1, p)
		callers := core
		if p.looksAt("aws:userid") || g.looked(slices.Collect(maps.Keys(derived))...) {
			callers = g.callers
		}
		contexts := g.contexts(p)
		for _, c := range callers {
			for _, action := range actions {
				if c.account != owner && c.kind != service && action == "kms:PutKeyPolicy" {
					continue
				}
				for _, context := range contexts {
					r := g.with(c, action, context)
					if id := r.String(); !seen[id] {
						seen[id] = true
						list = append(list, r)
					}
				}
			}
		}
	}
	return list
}

func (p *policy) looksAt(key string) bool {
	return slices.ContainsFunc(p.statements, func(st statement) bool {
		return slices.ContainsFunc(st.conditions, func(c condition) bool { return c.key == key })
	})
}

// with is a request that has what is given, as far as it can be.
func (g *grid) with(c caller, action string, context map[string][]string) *request {
	var r *request
	for range 4 { // what else it has is drawn, and can rule out what is given
		r = &request{caller: c, action: action, context: maps.Clone(context)}
		if c.kind == service && !g.looked("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths") {
			r.context["aws:sourceaccount"] = []string{fresh}
		}
		g.complete(r)
		lacks := false
		for key, set := range context {
			lacks = lacks || len(r.context[key]) != len(set)
		}
		if !lacks {
			break
		}
	}
	return r
}

// contexts are the combinations of what each key can have.
func (g *grid) contexts(p *policy) []map[string][]string {
	on := map[string][]condition{}
	for _, st := range p.statements {
		for _, c := range st.conditions {
			on[c.key] = append(on[c.key], c)
		}
	}
	per := 4
	if len(on) > 1 {
		per = 2
	}
	out := []map[string][]string{{}}
	if len(on) == 1 && slices.ContainsFunc([]string{"kms:grantisforawsresource", "aws:viaawsservice", "aws:securetransport"}, func(key string) bool { return on[key] != nil }) {
		out = append(out, map[string][]string{"kms:viaservice": {"s3.us-east-1.amazonaws.com"}})
	}
	for _, key := range slices.Sorted(maps.Keys(g.keys)) {
		if derived[key] {
			continue
		}
		var next []map[string][]string
		for _, m := range out {
			sets := g.sets(key, on[key], p, per)
			if on[key] == nil { // of a variable
				sets = [][]string{nil}
				values := slices.Clone(samples(key)[:min(2, len(samples(key)))])
				for _, set := range m {
					if canBe(key, set[0]) {
						values = append(values, set[0])
					}
				}
				for _, v := range values {
					sets = append(sets, []string{v})
				}
			}
			for _, set := range sets {
				more := maps.Clone(m)
				if set != nil {
					more[key] = set
				}
				next = append(next, more)
			}
		}
		out = next
	}
	return out
}

// sets are the values of a key, absent first: of those of which the conditions hold alike only some.
func (g *grid) sets(key string, on []condition, p *policy, per int) [][]string {
	out := [][]string{nil}
	count := map[string]int{}
	var some []string
	for _, v := range g.keys[key] {
		r := &request{caller: core[1], context: map[string][]string{key: {v}}}
		outcome := ""
		for _, c := range on {
			one := condition{operator: c.operator, key: key, set: "ForAnyValue", values: c.values}
			outcome += fmt.Sprint(one.holds(p, r))
		}
		if count[outcome] < per {
			count[outcome]++
			some = append(some, v)
			out = append(out, []string{v})
		}
	}
	if multivalued[key] {
		for i := range some {
			for j := i + 1; j < len(some); j += 2 {
				out = append(out, []string{some[i], some[j]})
			}
		}
	}
	return out
}

// samples are values that a key can have.
func samples(key string) []string {
	if list := wild[family(key)]; list != nil {
		return list
	}
	fact, _, _ := facts.LookupConditionKey(key)
	if fact.Values != nil {
		return fact.Values
	}
	return byType[fact.Type]
}

var byType = map[string][]string{
	"Bool": {"true", "false"}, "Numeric": {"30", "0", "100"}, "Date": {"2026-06-01T00:00:00Z", "2035-01-01T00:00:00Z"}, "IP": {"10.9.9.9", "10.1.2.3"},
	"ARN": {"arn:aws:ec2:us-east-1:111122223333:instance/i-1", "arn:aws:ec2:us-east-1:123450987654:instance/i-1"}, "String": {"Alpha", "zed", "alice"},
}
