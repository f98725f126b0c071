package judge_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/access"
	policydoc "github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// seeds are those of the random policies that a test looks at. KEYPOLICY_ROUNDS makes them more, KEYPOLICY_SEED others.
func seeds(t *testing.T, n int) []int {
	t.Helper()
	if more, err := strconv.Atoi(os.Getenv("KEYPOLICY_ROUNDS")); err == nil {
		n = more
	}
	first, _ := strconv.Atoi(os.Getenv("KEYPOLICY_SEED"))
	list := make([]int, n)
	for i := range list {
		list[i] = first + i
	}
	return list
}

// document is a policy as the engine reads it.
func document(text string) *policydoc.Document {
	f, found := source.Load("policy.json", []byte(text), source.Limits{})
	if found.HasErrors() || len(f.Documents) == 0 {
		panic(fmt.Sprintf("policy does not parse: %v\n%s", found, text))
	}
	return policydoc.Read(f.Documents[0].Root)
}

func environment() access.Env {
	return access.Env{Account: owner, Partition: "aws", Region: region, KeyARN: keyARN}
}

func mustParse(text string) *policy {
	p, err := parse(text)
	if err != nil {
		panic(err)
	}
	return p
}

var outsiders = []caller{{kind: user, account: fresh, name: "zed"}, {kind: session, account: fresh, name: "app", session: "s1"}}

// draws makes requests for policies: some towards each statement, some at random.
func draws(seed uint64, each, random int, policies ...*policy) []*request {
	g := newGrid(seed, policies...)
	var list []*request
	for _, p := range policies {
		for i := range p.statements {
			for range each {
				list = append(list, g.towards(&p.statements[i], g.callers))
			}
			if !p.statements[i].allow {
				continue
			}
			for _, c := range outsiders {
				for range each / 4 {
					list = append(list, g.towards(&p.statements[i], []caller{c}))
				}
			}
			for _, e := range p.statements[i].principals {
				if e.kind == "Service" {
					list = append(list, g.towards(&p.statements[i], []caller{{kind: service, service: e.text}}))
				}
			}
		}
	}
	for range random {
		list = append(list, g.request())
	}
	return list
}

func TestPoliciesAgainstTheJudge(t *testing.T) {
	requests := 0
	for _, seed := range seeds(t, 150) {
		g := newGenerator(uint64(seed))
		p := g.policy()
		env := environment()
		if g.maybe(25) {
			env.TrustAccounts, env.TrustOrgs = []string{partner}, []string{org}
		}
		list := draws(uint64(seed), 12, 40, mustParse(p.text()))
		requests += len(list)
		report(t, seed, env, p, nil, judgeReport(p.text(), env, list))
		report(t, seed, env, p, nil, judgeEditors(uint64(seed), p.text()))
		report(t, seed, env, p, nil, judgeSimulation(p.text(), list[:min(len(list), 40)]))
	}
	t.Logf("%d requests", requests)
}

func TestPairsAgainstTheJudge(t *testing.T) {
	requests := 0
	for _, seed := range seeds(t, 150) {
		g := newGenerator(uint64(seed))
		old := g.policy()
		now := g.change(old)
		if g.maybe(20) {
			now = g.policy()
		}
		env := environment()
		list := draws(uint64(seed), 12, 40, mustParse(old.text()), mustParse(now.text()))
		requests += len(list)
		report(t, seed, env, old, &now, judgeDifference(old.text(), now.text(), list))
		report(t, seed, env, now, &old, judgeDifference(now.text(), old.text(), list))
	}
	t.Logf("%d requests", requests)
}

// TestVariablesAgainstTheJudge: policies whose conditions compare keys with texts around a variable, and little else.
func TestVariablesAgainstTheJudge(t *testing.T) {
	requests := 0
	for _, seed := range seeds(t, 60) {
		g := newGenerator(uint64(seed) + 1_000_000)
		g.themes = g.themes[:0]
		group := pick(g, templates...)
		for range 2 + g.IntN(2) {
			g.themes = append(g.themes, group[g.IntN(len(group))])
		}
		old := g.policy()
		old.Version = "2012-10-17" // the texts of others have no variables
		now := g.change(old)
		list := draws(uint64(seed), 16, 40, mustParse(old.text()), mustParse(now.text()))
		requests += len(list)
		env := environment()
		report(t, seed, env, old, &now, judgeDifference(old.text(), now.text(), list))
		report(t, seed, env, now, &old, judgeDifference(now.text(), old.text(), list))
		report(t, seed, env, now, nil, judgeReport(now.text(), env, list))
		report(t, seed, env, now, nil, judgeEditors(uint64(seed), now.text()))
	}
	t.Logf("%d requests", requests)
}

// report writes one refutation of each law, with a policy that is as small as it can be.
func report(t *testing.T, seed int, env access.Env, p rawPolicy, second *rawPolicy, found []refutation) {
	t.Helper()
	seen := map[string]bool{}
	for _, f := range found {
		if seen[f.law] {
			continue
		}
		seen[f.law] = true
		again := func(p rawPolicy, second *rawPolicy) (refutation, bool) {
			one := []*request{f.request}
			var list []refutation
			switch {
			case second != nil:
				list = judgeDifference(p.text(), second.text(), one)
			case f.law == "editors always":
				list = judgeEditors(uint64(seed), p.text())
			case strings.HasPrefix(f.law, "simulate"):
				list = judgeSimulation(p.text(), one)
			default:
				list = judgeReport(p.text(), env, one)
			}
			for _, g := range list {
				if g.law == f.law {
					return g, true
				}
			}
			return f, false
		}
		small, smallSecond := shrink(p, second, func(p rawPolicy, second *rawPolicy) bool { _, ok := again(p, second); return ok })
		g, _ := again(small, smallSecond)
		text := small.text()
		if smallSecond != nil {
			text += "\n  " + smallSecond.text()
		}
		t.Errorf("seed %d: %s\n  %s", seed, g, text)
	}
}
