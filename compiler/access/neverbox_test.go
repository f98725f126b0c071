package access

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// agreeInFacts reports whether a fact has two keys exclude each other for a caller, or agree.
func agreeInFacts(one, two, kind string) bool {
	for _, x := range facts.KeyExclusions() {
		if slices.Contains(x.Callers, kind) && (keyInFact([]string{x.Key}, one) && keyInFact(x.Without, two) || keyInFact([]string{x.Key}, two) && keyInFact(x.Without, one)) {
			return true
		}
	}
	return slices.ContainsFunc(facts.KeyAgreements(), func(a facts.KeyRelation) bool {
		return keyInFact(a.Keys[:1], one) && keyInFact(a.Keys[1:], two) || keyInFact(a.Keys[:1], two) && keyInFact(a.Keys[1:], one)
	})
}

func TestEveryRefusalOfTwoKeysIsAFact(t *testing.T) {
	m, all, refused := neverModel(t), facts.ConditionKeys(), 0
	for i := range neverCallers {
		c := &neverCallers[i]
		type pair struct {
			name, value string
			key         conditionKey
		}
		var possible []pair
		for _, k := range all {
			name := k.Spell("note")
			if a, ok := actionWith(keyNamed(name)); ok && k.Numbers == nil {
				for _, value := range samples(k) {
					if refusedWhy(m, c, a, map[string][]string{name: {value}}) == "" {
						possible = append(possible, pair{name, value, keyNamed(name)})
						break
					}
				}
			}
		}
		for x, one := range possible {
			for _, two := range possible[x+1:] {
				a, ok := actionWith(one.key, two.key)
				if !ok || one.name == two.name {
					continue
				}
				why := refusedWhy(m, c, a, map[string][]string{one.name: {one.value}, two.name: {two.value}})
				switch {
				case why == "":
				case !agreeInFacts(one.name, two.name, c.kindName()):
					t.Errorf("%s with %s = %q and %s = %q: %s; no fact says so", c.arn(), one.name, one.value, two.name, two.value, why)
				default:
					refused++
				}
			}
		}
	}
	if refused < 20 {
		t.Errorf("%d refused: too few were tried", refused)
	}
}

// TestEveryImpossibleBoxIsAFact looks at what the search takes for impossible, over all keys at once.
func TestEveryImpossibleBoxIsAFact(t *testing.T) {
	var list []string
	for _, k := range facts.ConditionKeys() {
		if k.Numbers != nil {
			continue
		}
		operator := "StringLike"
		switch k.Type {
		case "Bool":
			operator = "Bool"
		case "Numeric":
			operator = "NumericLessThan"
		case "Date":
			operator = "DateLessThan"
		case "IP":
			operator = "IpAddress"
		}
		if k.Multivalued {
			operator = "ForAnyValue:" + operator
		}
		list = append(list, fmt.Sprintf(`{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {%q: {%q: %q}}}`, operator, k.Spell("note"), samples(k)[0]))
	}
	env := testEnv()
	env.Region = "us-east-1"
	s := newSpace(env, unmetered(), newModel(statements(t, strings.Join(list, ",")), env, testAccount))
	for _, b := range s.impossible {
		var keys []*dimension
		var absent []bool
		for i, d := range s.dims {
			if set := b[dimKeys+i]; set != nil {
				keys, absent = append(keys, d), append(absent, set.Has(0))
			}
		}
		kinds := map[string]bool{}
		for i := range s.callers {
			if b[dimCaller] == nil || b[dimCaller].Has(i) {
				kinds[s.callers[i].kindName()] = true
			}
		}
		of := func(fits func(kind string) bool) bool {
			for kind := range kinds {
				if !fits(kind) {
					return false
				}
			}
			return true
		}
		name := func(i int) string { return keys[i].key.name }
		said := false
		switch len(keys) {
		case 1:
			k := keys[0].key
			onNone := b[dimAction] != nil && !slices.ContainsFunc(s.actions, func(a action) bool {
				return k.operations == nil || slices.Contains(k.operations, a.short) && b[dimAction].Has(slices.IndexFunc(s.actions, func(o action) bool { return o.name == a.name }))
			})
			said = onNone || // its operations are a fact
				absent[0] && k.always || // so is that it is in every request
				of(func(kind string) bool {
					return facts.KeySent(name(0), kind) == facts.SentNever || derivedForm(name(0), kind) != ""
				})
		case 2:
			said = of(func(kind string) bool { return agreeInFacts(name(0), name(1), kind) })
		}
		if !said {
			var names []string
			for i := range keys {
				names = append(names, name(i))
			}
			t.Errorf("requests of %v with %v are taken for impossible; no fact says so", sortedKeys(kinds), names)
		}
	}
	if len(s.impossible) < 40 {
		t.Errorf("%d boxes: too few", len(s.impossible))
	}
}
