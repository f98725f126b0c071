package judge_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// placeholder is text that is still to be filled in, which the engine does not take for a value.
var placeholder = regexp.MustCompile(`(^|[^$])\{[A-Za-z{]|\$\(|\$\{[A-Za-z_]+\}|<[A-Za-z]`)

var rootARN = regexp.MustCompile(`arn:aws:iam::([0-9]{12}):root`)

// written reads a real policy as the generator writes one, with its key in the owner's account.
func written(text string) (rawPolicy, bool) {
	if strings.Contains(text, "arn:aws-") || placeholder.MatchString(text) {
		return rawPolicy{}, false
	}
	if m := rootARN.FindStringSubmatch(text); m != nil {
		text = strings.ReplaceAll(text, m[1], owner)
	}
	p, err := parse(text)
	if err != nil || len(p.statements) == 0 {
		return rawPolicy{}, false
	}
	out := rawPolicy{Version: "2012-10-17"}
	for _, st := range p.statements {
		s := rawStatement{Effect: "Deny", Resource: "*"}
		if st.allow {
			s.Effect = "Allow"
		}
		if len(st.resources) > 0 {
			s.Resource = st.resources
		}
		entries := map[string][]string{}
		for _, e := range st.principals {
			if e.kind != "AWS" && e.kind != "Service" || strings.Contains(e.text, "$") || e.text != "*" && strings.Contains(e.text, "*") {
				return rawPolicy{}, false
			}
			entries[e.kind] = append(entries[e.kind], e.text)
		}
		if len(st.actions) == 0 || len(entries) == 0 {
			return rawPolicy{}, false
		}
		if st.notPrincipal {
			s.NotPrincipal = entries
		} else {
			s.Principal = entries
		}
		var actions []string
		for _, a := range st.actions {
			actions = append(actions, strings.NewReplacer(string(anyRun), "*", string(anyOne), "?").Replace(a))
		}
		if st.notAction {
			s.NotAction = actions
		} else {
			s.Action = actions
		}
		for _, c := range st.conditions {
			op := c.operator
			if c.set != "" {
				op = c.set + ":" + op
			}
			if c.ifExists {
				op += "IfExists"
			}
			if s.Condition == nil {
				s.Condition = map[string]map[string]any{}
			}
			if s.Condition[op] == nil {
				s.Condition[op] = map[string]any{}
			}
			s.Condition[op][c.spelled] = c.values
		}
		out.Statement = append(out.Statement, s)
	}
	return out, true
}

// realPolicies are those of the corpus that say all that the judge needs. KEYPOLICY_CORPUS names its folder.
func realPolicies(t *testing.T) map[string]rawPolicy {
	t.Helper()
	folder := os.Getenv("KEYPOLICY_CORPUS")
	if folder == "" {
		t.Skip("KEYPOLICY_CORPUS names no folder")
	}
	files, err := filepath.Glob(filepath.Join(folder, "policies", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]rawPolicy{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(text) {
			continue
		}
		if p, ok := written(string(text)); ok {
			out[filepath.Base(file)] = p
		}
	}
	return out
}

// TestRealPoliciesAgainstTheJudge holds what the engine says of real policies, and of small changes to them.
func TestRealPoliciesAgainstTheJudge(t *testing.T) {
	policies := realPolicies(t)
	seed := uint64(0)
	for _, name := range slices.Sorted(maps.Keys(policies)) {
		p := policies[name]
		t.Run(name, func(t *testing.T) {
			for range seeds(t, 1) {
				seed++
				g, env := newGenerator(seed), environment()
				changed := g.change(p)
				list := draws(seed, 4, 20, mustParse(p.text()), mustParse(changed.text()))
				report(t, int(seed), env, p, nil, judgeReport(p.text(), env, list))
				report(t, int(seed), env, changed, nil, judgeReport(changed.text(), env, list))
				report(t, int(seed), env, p, nil, judgeEditors(seed, p.text()))
				report(t, int(seed), env, changed, nil, judgeSimulation(changed.text(), list[:min(len(list), 30)]))
				report(t, int(seed), env, p, &changed, judgeDifference(p.text(), changed.text(), list))
				report(t, int(seed), env, changed, &p, judgeDifference(changed.text(), p.text(), list))
			}
		})
	}
	t.Logf("%d policies", len(policies))
}
