package access

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// gridTexts are all texts of some letters, the shortest first.
func gridTexts(letters string, longest int) []string {
	all, last := []string{""}, []string{""}
	for range longest {
		var next []string
		for _, text := range last {
			for _, ch := range letters {
				next = append(next, text+string(ch))
			}
		}
		all, last = append(all, next...), next
	}
	return all
}

// gridText is a short text or pattern that conditions of the grid ask for.
func gridText(g generator) string {
	return pick(g, "", "a", "b", "-", "a-", "-a", "aa", "ab", "a-b", "-b", "a*", "*a", "a?", "*", "?*", "*-*", "a*-", "-*", "?", "*b-", "a-*b", "??")
}

// gridConditions are conditions on a key beside templates of a variable, and on the variable.
func gridConditions(g generator, variable string) map[string]map[string]any {
	conditions := map[string]map[string]any{}
	add := func(op, key string, values ...string) {
		if conditions[op] == nil {
			conditions[op] = map[string]any{}
		}
		conditions[op][key] = values
	}
	operator := func() string {
		return pick(g, "StringLike", "StringLike", "StringNotLike", "StringEquals", "StringNotEquals", "StringLikeIfExists")
	}
	template := func() string {
		inside := variable + pick(g, "", "", "", ", ''", ", 'a'", ", 'a-'")
		return pick(g, "", "", "a", "-") + "${" + inside + "}" + pick(g, "", "-", "-*", "*", "a", "?", "*b")
	}
	add(operator(), "aws:ResourceTag/t", template())
	for range g.IntN(3) {
		add(operator(), "aws:ResourceTag/t", gridText(g), gridText(g))
	}
	if g.IntN(2) == 0 {
		add(operator(), variable, gridText(g), gridText(g))
	}
	if g.IntN(3) == 0 {
		add("Null", pick(g, variable, "aws:ResourceTag/t"), pick(g, "true", "false"))
	}
	return conditions
}

// gridRequests are requests with each text of the grid as the variable's value and as the key's, and without them.
func gridRequests(variable string, texts []string) []*request {
	var list []*request
	add := func(value *string, name string) {
		for i := -1; i < len(texts); i++ {
			ctx := map[string][]string{}
			if value != nil {
				ctx[strings.ToLower(variable)] = []string{*value}
			}
			if i >= 0 {
				ctx["aws:resourcetag/t"] = []string{texts[i]}
			}
			c := caller{kind: callerUser, partition: "aws", account: testAccount, name: name}
			list = append(list, &request{caller: c, action: knownAction("kms:Decrypt"), ctx: ctx})
		}
	}
	for _, v := range texts {
		switch {
		case variable != "aws:username":
			add(&v, "alice")
		case v != "":
			add(nil, v)
		}
	}
	if variable != "aws:username" {
		add(nil, "alice")
	}
	return list
}

// TestTemplatesHoldOnAGrid holds what is said of keys beside templates of a variable against every short text: a statement that
// never matches matches none of them, and policies that are equivalent decide them alike.
func TestTemplatesHoldOnAGrid(t *testing.T) {
	requests := map[string][]*request{}
	for _, variable := range []string{"aws:PrincipalTag/t", "aws:username"} {
		requests[variable] = gridRequests(variable, gridTexts("a-b", 3))
	}
	never, equal, open := 0, 0, 0
	all := rounds(t, 100)
	for seed := range all {
		g := generator{rand.New(rand.NewPCG(uint64(seed), 11))}
		variable := pick(g, "aws:PrincipalTag/t", "aws:PrincipalTag/t", "aws:username")
		who := `"Principal": {"AWS": "` + testAccount + `"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": `
		allow := `{"Effect": "Allow", ` + who + string(mustJSON(gridConditions(g, variable))) + `}`
		deny := `{"Effect": "Deny", ` + who + string(mustJSON(gridConditions(g, variable))) + `}`
		older, newer := statements(t, allow), statements(t, allow+", "+deny)
		report, d := Analyze(older, testEnv()), Diff(older, newer, testEnv(), testEnv())
		if len(report.Unknown)+len(d.Unknown) > 0 {
			open++
		}
		if report.Statements[0].Status == NeverMatches {
			never++
		}
		if d.Equivalent {
			equal++
		}
		was, now := newModel(older, testEnv(), testAccount), newModel(newer, testEnv(), testAccount)
		for _, r := range requests[variable] {
			if report.Statements[0].Status == NeverMatches && was.match(&was.statements[0], r, delegated) != no {
				t.Fatalf("seed %d: never matches, they say: %s\n%+v", seed, allow, *r)
			}
			before, after := was.evaluate(r).decision, now.evaluate(r).decision
			if before != after && (d.Equivalent || len(d.Unknown) == 0 && !reports(d, r, before, after)) {
				t.Fatalf("seed %d: %s -> %s is not reported\n%s\n%s\n%+v", seed, before, after, allow, deny, *r)
			}
		}
	}
	t.Logf("of %d pairs %d never match, %d are equivalent, %d have something unknown", all, never, equal, open)
}
