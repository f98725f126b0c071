package judge_test

import (
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// grid makes requests that can certainly be, by AWS's pages: what they leave open is not asked.
type grid struct {
	*generator
	policies []*policy
	keys     map[string][]string // the keys that the policies look at, in lower case, with values to try; nil for attributes of the caller
	spelled  map[string]string
	callers  []caller
	actions  []string
	ids      map[string]string // the unique ids of users and roles
}

func newGrid(seed uint64, policies ...*policy) *grid {
	g := &grid{generator: newGenerator(seed), policies: policies, keys: map[string][]string{}, spelled: map[string]string{}, ids: map[string]string{}}
	for _, p := range policies {
		for _, st := range p.statements {
			for _, c := range st.conditions {
				g.look(c.key, c.spelled)
				for _, v := range c.values {
					for _, at := range variable.FindAllString(v, -1) {
						name, _, _ := strings.Cut(at[2:len(at)-1], ",")
						g.look(strings.ToLower(name), name)
					}
				}
			}
		}
	}
	for key := range g.keys {
		g.keys[key] = g.values(key)
	}
	g.callers = g.everyone()
	g.actions = []string{"kms:Decrypt", "kms:Encrypt", "kms:CreateGrant", "kms:PutKeyPolicy", "kms:DescribeKey", "kms:ScheduleKeyDeletion", "kms:RetireGrant", "kms:ListGrants", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:TagResource", "kms:GetKeyPolicy"}
	for _, p := range policies {
		for _, st := range p.statements {
			for _, a := range st.actions {
				for _, name := range facts.ActionNames() {
					if glob(a, strings.ToLower(name)) {
						g.actions = append(g.actions, name)
					}
				}
			}
		}
	}
	g.actions = slices.DeleteFunc(g.actions, func(name string) bool {
		fact, ok := facts.LookupAction(name)
		return !ok || !fact.EffectiveInKeyPolicy || !slices.Contains(fact.ResourceTypes, "key")
	})
	slices.Sort(g.actions)
	g.actions = slices.Compact(g.actions)
	return g
}

func (g *grid) look(key, spelled string) {
	g.keys[key] = nil
	g.spelled[key] = spelled
}

// values are those of the policies, what their patterns match, neighbours, and others.
func (g *grid) values(key string) []string {
	var list []string
	for _, p := range g.policies {
		for _, st := range p.statements {
			for _, c := range st.conditions {
				if c.key != key || c.operator == "Null" {
					continue
				}
				for _, v := range c.values {
					list = append(list, v)
					for _, fill := range []string{"", "x", "b/c", "11111111", "us-east-1", partner, fresh} {
						list = append(list, strings.NewReplacer("*", fill, "?", "q").Replace(v))
					}
					for _, fill := range []string{"Alpha", "Beta", "core", "", "true", "zed", "alice", owner, fresh, "A"} { // a variable's value
						list = append(list, strings.ReplaceAll(variable.ReplaceAllLiteralString(v, fill), "*", "x"))
					}
					list = append(list, v+"x", strings.ToUpper(v), strings.ToLower(v))
					if len(v) > 1 {
						list = append(list, v[:len(v)-1])
					}
					if prefix, err := netip.ParsePrefix(v); err == nil {
						list = append(list, prefix.Addr().String(), prefix.Addr().Prev().String(), last(prefix).String(), last(prefix).Next().String())
					}
					if n, ok := seconds(v); ok {
						for _, d := range []int64{-1, 0, 1} {
							list = append(list, time.Unix(int64(n)+d, 0).UTC().Format(time.RFC3339))
						}
					}
					if n, err := strconv.Atoi(v); err == nil {
						list = append(list, strconv.Itoa(n-1), strconv.Itoa(n+1))
					}
				}
			}
		}
	}
	list = append(list, samples(key)...)
	if fact, _, ok := facts.LookupConditionKey(key); ok {
		list = append(list, fact.Values...)
	}
	list = slices.DeleteFunc(list, func(v string) bool { return !canBe(key, v) })
	slices.Sort(list)
	return slices.Compact(list)
}

// request draws a request, or nil where what was drawn may not be.
func (g *grid) request() *request {
	r := &request{caller: pick(g.generator, g.callers...), action: pick(g.generator, g.actions...), context: map[string][]string{}}
	for _, key := range slices.Sorted(maps.Keys(g.keys)) {
		g.draw(r, key)
	}
	return g.complete(r)
}

// towards draws a request that meets most of one statement.
func (g *grid) towards(st *statement, callers []caller) *request {
	r := g.requestFor(st, callers)
	for _, c := range st.conditions {
		if g.maybe(8) {
			continue
		}
		p := g.policies[0]
		for range 6 {
			if c.holds(p, r) == yes {
				break
			}
			g.draw(r, c.key)
		}
	}
	return g.complete(r)
}

func (g *grid) requestFor(st *statement, callers []caller) *request {
	r := &request{caller: pick(g.generator, callers...), action: pick(g.generator, g.actions...), context: map[string][]string{}}
	fits := func(c caller) bool {
		if st.notPrincipal {
			return true
		}
		return slices.ContainsFunc(st.principals, func(e principal) bool { return e.denies(c) != no })
	}
	meets := func() bool {
		for _, c := range st.conditions {
			if derived[c.key] && c.holds(g.policies[0], r) == no {
				return false
			}
		}
		return fits(r.caller)
	}
	for range 30 {
		if meets() {
			break
		}
		r.caller = pick(g.generator, callers...)
	}
	for range 20 {
		if matchesAction(st, r.action) {
			break
		}
		r.action = pick(g.generator, g.actions...)
	}
	for _, key := range slices.Sorted(maps.Keys(g.keys)) {
		g.draw(r, key)
	}
	return r
}

func quoted(list []string) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = strconv.Quote(v)
	}
	return out
}
