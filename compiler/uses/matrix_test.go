package uses_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/uses"
)

// written is a template's statement in a form that a test can change.
type written map[string]any

func readStatement(t *testing.T, text string) written {
	t.Helper()
	var st written
	if err := json.Unmarshal([]byte(text), &st); err != nil {
		t.Fatal(err)
	}
	return st
}

func (w written) text(t *testing.T) string {
	t.Helper()
	out, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// conditions are the statement's conditions as operator and key, sorted.
func (w written) conditions() [][2]string {
	var list [][2]string
	all, _ := w["Condition"].(map[string]any)
	for _, operator := range slices.Sorted(maps.Keys(all)) {
		for _, key := range slices.Sorted(maps.Keys(all[operator].(map[string]any))) {
			list = append(list, [2]string{operator, key})
		}
	}
	return list
}

// with is the statement with another value for a condition, or without the condition where that is nil.
func (w written) with(t *testing.T, at [2]string, value any) written {
	t.Helper()
	st := readStatement(t, w.text(t))
	operator := st["Condition"].(map[string]any)[at[0]].(map[string]any)
	if value == nil {
		delete(operator, at[1])
		return st
	}
	operator[at[1]] = value
	return st
}

// replaced are the statements of a template with one of them replaced, or left out where that is nil.
func replaced(t *testing.T, all []string, at int, by written) []string {
	t.Helper()
	list := slices.Clone(all)
	if by == nil {
		return slices.Delete(list, at, at+1)
	}
	list[at] = by.text(t)
	return list
}

// Without one of its template's statements a use by a service is refused, and the refused requests are its own.
func TestATemplateWithoutAStatementIsRefused(t *testing.T) {
	eachUse(t, templateAndWay, func(t *testing.T, a uses.Asked) {
		statements := a.Statements(key)
		for i := range statements {
			if vain(t, a, statements[i]) {
				continue
			}
			answer := ask(t, a, append(replaced(t, statements, i, nil), root)...)
			if answer.Verdict != uses.Refused {
				t.Errorf("without statement %d: %s", i, answer.Verdict)
			}
			for _, r := range answer.Requests {
				if r.Verdict == uses.Refused && !slices.ContainsFunc(a.Use.Requests, func(q facts.UseRequest) bool { return slices.Contains(q.Actions, r.Written) }) {
					t.Errorf("%s is refused, which is not a request of the use", r.Written)
				}
			}
		}
	})
}

// vain reports whether a statement of a template has only idle actions.
func vain(t *testing.T, a uses.Asked, statement string) bool {
	t.Helper()
	for _, action := range read(t, statement).Statements[0].Actions {
		if !slices.Contains(a.Use.Idle, action.Value) {
			return false
		}
	}
	return true
}

// A template's condition that is left out lets the same requests through: none of AWS's pages asks that a key policy has one. One
// that has a value of another account, Region or resource refuses them.
func TestConditionsOfTemplates(t *testing.T) {
	eachUse(t, templateAndWay, func(t *testing.T, a uses.Asked) {
		statements := a.Statements(key)
		for i, text := range statements {
			st := readStatement(t, text)
			if vain(t, a, text) {
				continue
			}
			for _, at := range st.conditions() {
				if got := ask(t, a, replaced(t, statements, i, st.with(t, at, nil))...).Verdict; got != uses.Fulfilled {
					t.Errorf("without %s %s: %s", at[0], at[1], got)
				}
				for name, other := range others(a.Use, st["Condition"].(map[string]any)[at[0]].(map[string]any)[at[1]]) {
					answer := ask(t, a, replaced(t, statements, i, st.with(t, at, other))...)
					if answer.Verdict != uses.Refused {
						t.Errorf("%s %s of %s, %v: %s", at[0], at[1], name, other, answer.Verdict)
						continue
					}
					if !slices.ContainsFunc(answer.Requests, func(r uses.Decided) bool {
						return slices.ContainsFunc(r.Obstacles, func(o uses.Obstacle) bool { return o.Kind == uses.OtherCondition && o.Key == at[1] })
					}) {
						t.Errorf("%s %s of %s: the condition is not named as what is in the way", at[0], at[1], name)
					}
				}
			}
		}
	})
}

var lastName = regexp.MustCompile(`[A-Za-z0-9.-]+$`)

// others are values like a condition's for another account, Region or resource, unless any of them will do.
func others(use facts.Use, value any) map[string]any {
	text := ""
	switch v := value.(type) {
	case string:
		text = v
	case []any:
		if len(v) != 1 {
			return nil
		}
		text, _ = v[0].(string)
	}
	if text == "true" {
		return map[string]any{"another value": "false"}
	}
	list := map[string]any{}
	for name, changed := range map[string]string{
		"another account":  strings.ReplaceAll(text, key.Account, "999988887777"),
		"another Region":   strings.ReplaceAll(text, key.Region, "ap-south-1"),
		"another resource": lastName.ReplaceAllString(text, "unlike"),
	} {
		free := slices.ContainsFunc(slices.Collect(maps.Keys(use.Parameters)), func(parameter string) bool {
			return use.Parameters[parameter].Free && strings.HasSuffix(parameter, strings.ToLower(strings.TrimPrefix(name, "another ")))
		})
		if changed != text && !free {
			list[name] = changed
		}
	}
	return list
}

// A key of another kind than the use works with is refused, whatever its policy allows; of a key whose kind is not known nothing is
// said of that.
func TestKindsOfKeys(t *testing.T) {
	everything := read(t, `{"Sid": "All", "Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}`)
	for _, kind := range []struct{ spec, usage, only string }{
		{"", "", ""},
		{"SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", ""},
		{"ECC_NIST_P256", "SIGN_VERIFY", "route53-dnssec"},
		{"ECC_NIST_P256", "KEY_AGREEMENT", "none"},
		{"RSA_2048", "ENCRYPT_DECRYPT", "none"},
		{"HMAC_256", "GENERATE_VERIFY_MAC", "none"},
	} {
		t.Run(kind.spec+" "+kind.usage, func(t *testing.T) {
			env := access.EnvOf(key)
			env.KeySpec, env.KeyUsage = kind.spec, kind.usage
			judge := uses.NewJudge(everything, env)
			wrong := func(use facts.Use) bool {
				return kind.spec != "" && kind.only != use.ID && (kind.only != "" || use.ID == "route53-dnssec")
			}
			for _, use := range facts.Uses() {
				if got := judge.Ask(uses.Asked{Use: use, Given: given(use)}); got.WrongKey != wrong(use) || (got.Verdict == uses.Refused) != wrong(use) {
					t.Errorf("%s: %s, wrong key %t", use.ID, got.Verdict, got.WrongKey)
				}
			}
			for _, s := range judge.PolicyUses() {
				if wrong(s.Use) {
					t.Errorf("%s is listed", s.Use.ID)
				}
			}
		})
	}
}
