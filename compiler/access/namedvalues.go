package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// Whether an outsider gets in can have one answer whatever the value of a condition is that is not known: anybody gives himself the
// tag that a condition asks for. Such a question is asked of the policy with a value in its place: with each value that the policy has
// for the key, and with one that is nowhere in it.

// maxNamedValues bounds the policies that are asked in the place of one.
const maxNamedValues = 8

// chosenByCaller reports whether a key's value is for each caller to choose, and any text.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principaltag
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context
func chosenByCaller(key string) bool {
	switch facts.KeySays(strings.ToLower(key)) {
	case facts.CallerTag, facts.RequestTag, facts.ContextPair:
		return true
	default:
		return false
	}
}

// outsiderOfNamedValues is the answer that all values of the first unknown one have in common; Unknown where they have none.
func (a *Analysis) outsiderOfNamedValues(statement int) publicAnswer {
	hole, values := a.openValue()
	if hole == nil || len(values) > maxNamedValues {
		return publicAnswer{answer: Unknown}
	}
	var out publicAnswer
	for i, v := range values {
		one := NewAnalysis(nameValues(a.doc, hole, v), a.env).outsiderOf(statement)
		switch {
		case i == 0:
			out = one
		case one.answer != out.answer:
			return publicAnswer{answer: Unknown}
		}
	}
	if w := out.witness; w != nil { // what was put in is not the policy's
		for key, list := range w.Context {
			w.Context[key] = slices.Clone(list)
			for i := range list {
				if chosenByCaller(key) && list[i] == values[0] {
					w.Context[key][i] = hole.String()
				}
			}
		}
	}
	return out
}

// outsiderOf is the answer for one statement, or with -1 for the policy.
func (a *Analysis) outsiderOf(statement int) publicAnswer {
	if statement < 0 {
		return a.public()
	}
	answer, witness := a.LetsOutsiderIn(statement)
	return publicAnswer{answer, witness}
}

// openValue is a value that is not known of a key that the caller chooses, with those that it can be as far as the policy
// distinguishes them; nil where there is none, or where the policy says more of the key than single values.
func (a *Analysis) openValue() (hole *symbol.Hole, values []string) {
	for i := range a.doc.Statements {
		for _, c := range a.doc.Statements[i].Conditions {
			for _, v := range c.Values {
				if chosenByCaller(c.Key.Value) && c.Key.Parts == nil && a.isOneValue(v) {
					if values, ok := a.valuesOf(v.Parts.Whole()); ok {
						return v.Parts.Whole(), values
					}
				}
			}
		}
	}
	return nil, nil
}

// isOneValue reports whether a text is one value that is not known, and not the rest of a list.
func (a *Analysis) isOneValue(v policy.Text) bool {
	h := v.Parts.Whole()
	if h == nil || a.doc.Root == nil || h.Shape != symbol.AnyText || h.Kind == symbol.Placeholder {
		return false
	}
	_, n := a.doc.Root.Resolve(v.Path)
	return n != nil && n.Hole() != nil
}

// valuesOf are the values that a hole can have as far as the policy distinguishes them, the first of which is nowhere in it; ok is false
// where a condition on a key that the hole is compared with compares in another way, or with what is not known either.
func (a *Analysis) valuesOf(hole *symbol.Hole) (values []string, ok bool) {
	keys := map[string]bool{}
	each := func(visit func(c policy.Condition, v policy.Text)) {
		for i := range a.doc.Statements {
			for _, c := range a.doc.Statements[i].Conditions {
				for _, v := range c.Values {
					visit(c, v)
				}
			}
		}
	}
	ok = true
	each(func(c policy.Condition, v policy.Text) {
		if slices.ContainsFunc(v.Parts, func(p symbol.Part) bool { return p.Hole.Equal(hole) && p.Hole != nil }) {
			keys[strings.ToLower(c.Key.Value)] = true
			ok = ok && v.Parts.Whole() != nil && chosenByCaller(c.Key.Value)
		}
	})
	each(func(c policy.Condition, v policy.Text) {
		op := parseOperator(c.Operator.Value)
		switch {
		case !keys[strings.ToLower(c.Key.Value)] && c.Key.Parts == nil, op.family == familyNull:
		case c.Key.Parts != nil || c.Operator.Parts != nil || op.family != familyString || op.compare != compareEquals || policyVariable.MatchString(v.Value) && v.Parts == nil:
			ok = false
		case v.Parts == nil:
			values = append(values, v.Value)
		case !v.Parts.Whole().Equal(hole):
			ok = false
		}
	})
	slices.Sort(values)
	values = slices.Compact(values)
	fresh := "not-known"
	for slices.Contains(values, fresh) {
		fresh += "-x"
	}
	return append([]string{fresh}, values...), ok
}

// nameValues is the policy with a value in the place of a hole.
func nameValues(doc *policy.Document, hole *symbol.Hole, value string) *policy.Document {
	out := *doc
	out.Statements = slices.Clone(doc.Statements)
	for i := range out.Statements {
		st := &out.Statements[i]
		st.Conditions = slices.Clone(st.Conditions)
		for j := range st.Conditions {
			c := &st.Conditions[j]
			c.Values = slices.Clone(c.Values)
			for k, v := range c.Values {
				if h := v.Parts.Whole(); h != nil && h.Equal(hole) {
					c.Values[k] = policy.Text{Value: value, Path: v.Path}
				}
			}
		}
	}
	return &out
}
