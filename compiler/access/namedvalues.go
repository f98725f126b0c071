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

// namedValues are the policies with one value or another in the place of one that is not known.
type namedValues struct {
	hole   *symbol.Hole
	values []string    // those of the policies; the first is in no place of the policy
	of     []*Analysis // nil where there is no such value, or there are too many
}

// findNamed makes analyses of the policy under each value that its first unknown one can have. Each
// statement is asked of the same ones.
func (a *Analysis) findNamed() namedValues {
	n := namedValues{}
	if !a.doc.HasHoles() {
		return n
	}
	if n.hole, n.values = a.openValue(); n.hole == nil || len(n.values) > maxNamedValues {
		return n
	}
	for _, v := range n.values {
		n.of = append(n.of, NewAnalysis(nameValues(a.doc, n.hole, v), a.env))
	}
	return n
}

// outsiderOfNamedValues is the answer that all values of the first unknown one have in common; Unknown where they have none.
func (a *Analysis) outsiderOfNamedValues(statement int) publicAnswer {
	named := a.named.ask(a.findNamed)
	if named.of == nil {
		return publicAnswer{answer: Unknown}
	}
	out := named.of[0].outsiderOf(statement)
	for _, other := range named.of[1:] {
		if other.outsiderOf(statement).answer != out.answer {
			return publicAnswer{answer: Unknown}
		}
	}
	if w := out.witness; w != nil { // what was put in is not the policy's
		for key, list := range w.Context {
			w.Context[key] = slices.Clone(list)
			for i := range list {
				if chosenByCaller(key) && list[i] == named.values[0] {
					w.Context[key][i] = named.hole.String()
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
	for c, v := range a.doc.ConditionValues() {
		if chosenByCaller(c.Key.Value) && c.Key.Parts == nil && a.isOneValue(v) {
			if values, ok := a.valuesOf(v.Parts.Whole()); ok {
				return v.Parts.Whole(), values
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
	ok = true
	for c, v := range a.doc.ConditionValues() {
		if slices.ContainsFunc(v.Parts, func(p symbol.Part) bool { return p.Hole.Equal(hole) && p.Hole != nil }) {
			keys[strings.ToLower(c.Key.Value)] = true
			ok = ok && v.Parts.Whole() != nil && chosenByCaller(c.Key.Value)
		}
	}
	for c, v := range a.doc.ConditionValues() {
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
	}
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
