package access

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// laws of what a policy means, each over random small policies.

type lawStatement = map[string]any

// eachSmall gives random small policies as statements.
func eachSmall(t *testing.T, stream uint64, law func(t *testing.T, s *small, list []lawStatement)) {
	t.Helper()
	for seed := range rounds(t, 60) {
		s := newSmall(stream<<32 + uint64(seed))
		var list []lawStatement
		for range 1 + s.IntN(4) {
			list = append(list, s.statement())
		}
		law(t, s, list)
		if t.Failed() {
			t.Fatalf("seed %d: %s", seed, documentOf(list))
		}
	}
}

func documentOf(list []lawStatement) string {
	return string(mustJSON(map[string]any{"Version": "2012-10-17", "Statement": list}))
}

func diffOf(t *testing.T, older, newer []lawStatement) *Difference {
	t.Helper()
	return Diff(read(t, documentOf(older)), read(t, documentOf(newer)), testEnv(), testEnv())
}

// same asks for equivalence; what is not known stays so, and no difference is reported.
func same(t *testing.T, older, newer []lawStatement) {
	t.Helper()
	for _, d := range []*Difference{diffOf(t, older, newer), diffOf(t, newer, older)} {
		if len(d.Added)+len(d.Removed) > 0 || !d.Equivalent && len(d.Unknown) == 0 {
			t.Errorf("not equivalent to %s: %+v", documentOf(newer), d)
		}
	}
}

// alike asks for equivalence whatever is not known of what both say.
func alike(t *testing.T, older, newer []lawStatement) {
	t.Helper()
	for _, d := range []*Difference{diffOf(t, older, newer), diffOf(t, newer, older)} {
		if !d.Equivalent || len(d.Unknown)+len(d.Future) > 0 {
			t.Errorf("not alike: %s: %+v", documentOf(newer), d)
		}
	}
}

func clone(list []lawStatement) []lawStatement {
	var out []lawStatement
	if err := json.Unmarshal(mustJSON(list), &out); err != nil {
		panic(err)
	}
	return out
}

func TestLawOrderOfStatements(t *testing.T) {
	eachSmall(t, 11, func(t *testing.T, s *small, list []lawStatement) {
		mixed := clone(list)
		s.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		alike(t, list, mixed)
		one, other := Analyze(read(t, documentOf(list)), testEnv()), Analyze(read(t, documentOf(mixed)), testEnv())
		one.Lockout.Witness, other.Lockout.Witness = nil, nil
		if a, b := fmt.Sprint(one.Lockout, one.Public, len(one.External), len(one.ConfusedDeputy)), fmt.Sprint(other.Lockout, other.Public, len(other.External), len(other.ConfusedDeputy)); a != b {
			t.Errorf("%s\nin another order %s", a, b)
		}
	})
}

func TestLawOrderOfValues(t *testing.T) {
	eachSmall(t, 12, func(t *testing.T, _ *small, list []lawStatement) {
		turned := clone(list)
		for _, st := range turned {
			conditions, _ := st["Condition"].(map[string]any)
			for _, keys := range conditions {
				for key, values := range keys.(map[string]any) {
					all := values.([]any)
					slices.Reverse(all)
					keys.(map[string]any)[key] = append(all, all[0])
				}
			}
		}
		alike(t, list, turned)
	})
}

func TestLawListOfActionsIsStatements(t *testing.T) {
	eachSmall(t, 13, func(t *testing.T, _ *small, list []lawStatement) {
		var split []lawStatement
		for _, st := range clone(list) {
			actions, _ := st["Action"].([]any)
			if actions == nil {
				split = append(split, st)
				continue
			}
			for _, a := range actions {
				one := clone([]lawStatement{st})[0]
				one["Action"] = a
				split = append(split, one)
			}
		}
		alike(t, list, split)
	})
}

func TestLawListOfPrincipalsIsStatements(t *testing.T) {
	eachSmall(t, 14, func(t *testing.T, _ *small, list []lawStatement) {
		var split []lawStatement
		for _, st := range clone(list) {
			principal, _ := st["Principal"].(map[string]any)
			if principal == nil {
				split = append(split, st)
				continue
			}
			for element, names := range principal {
				many, ok := names.([]any)
				if !ok {
					many = []any{names}
				}
				for _, name := range many {
					one := clone([]lawStatement{st})[0]
					one["Principal"] = map[string]any{element: name}
					split = append(split, one)
				}
			}
		}
		alike(t, list, split)
	})
}

func TestLawTwiceIsOnce(t *testing.T) {
	eachSmall(t, 15, func(t *testing.T, s *small, list []lawStatement) {
		at := s.IntN(len(list))
		twice := append(clone(list), clone(list)[at])
		alike(t, list, twice)
		report := Analyze(read(t, documentOf(twice)), testEnv())
		if st := report.Statements[len(list)]; len(report.Unknown) == 0 && (st.Status == Live || st.Status == GrantsOnly) {
			t.Errorf("the second of two equal statements is %s", st.Status)
		}
	})
}

func TestLawAccountIsItsRoot(t *testing.T) {
	eachSmall(t, 19, func(t *testing.T, _ *small, list []lawStatement) {
		var other []lawStatement
		text := strings.ReplaceAll(string(mustJSON(list)), `"AWS":"arn:aws:iam::111122223333:root"`, `"AWS":"111122223333"`)
		text = strings.ReplaceAll(text, `"AWS":"444455556666"`, `"AWS":"arn:aws:iam::444455556666:root"`)
		if err := json.Unmarshal([]byte(text), &other); err != nil {
			t.Fatal(err)
		}
		same(t, list, other)
	})
}

// TestLawNamesDoNotMatter renames an account, users, roles and sessions, in policies and requests alike.
func TestLawNamesDoNotMatter(t *testing.T) {
	rename := strings.NewReplacer(otherAccount, "121212121212", "777788889999", "343434343434", "alice", "adele", "carol", "claire", "app", "amp", "team/", "crew/", "eve", "eva")
	eachSmall(t, 20, func(t *testing.T, s *small, list []lawStatement) {
		text := documentOf(list)
		if strings.Contains(text, "StringLike") || strings.Contains(text, "Encryption") {
			return // what patterns match may change, and ids of encryption contexts do
		}
		one := newModel(read(t, text), testEnv(), testAccount)
		other := newModel(read(t, rename.Replace(text)), testEnv(), testAccount)
		for _, r := range s.requests(one, lookedAt(one)) {
			c := r.caller
			c.account, c.name, c.path = rename.Replace(c.account), rename.Replace(c.name), rename.Replace(c.path)
			ctx := map[string][]string{}
			for k, values := range r.ctx {
				for _, v := range values {
					ctx[k] = append(ctx[k], rename.Replace(v))
				}
			}
			if a, b := one.evaluate(r).decision, other.evaluate(&request{caller: c, action: r.action, ctx: ctx}).decision; a != b {
				t.Errorf("%s, renamed %s: %+v", a, b, *r)
				return
			}
		}
	})
}
