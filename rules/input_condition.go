package rules

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

func (in *inputs) conditionsTerm(st *policy.Statement, skip int, read fields) *ast.Term {
	if len(st.Conditions) == 0 {
		return list(moreTerms(st, "Condition", skip))
	}
	var reached []string
	for _, a := range st.Actions {
		reached = append(reached, facts.MatchActions(a.Value)...)
	}
	slices.Sort(reached)
	reached = slices.Compact(reached)
	conditions := make([]*ast.Term, len(st.Conditions))
	for i, c := range st.Conditions {
		_, node := st.Node.Resolve(c.Key.Path[len(st.Path):])
		b := read.object(4)
		b.add("operator", operatorTerm(c.Operator, skip, read))
		b.add("key", conditionKeyTerm(c, reached, skip, read))
		b.truth("list", typeName(node) == "list")
		b.term("values", func() *ast.Term { return valuesTerm(st, c, skip) })
		conditions[i] = b.object()
	}
	return list(append(conditions, moreTerms(st, "Condition", skip)...))
}

func operatorTerm(t policy.Text, skip int, read fields) *ast.Term {
	if t.Parts != nil {
		return object(holeMembers(t.Parts, pathTerm(t.Path, skip))...)
	}
	parsed, known := facts.ParseOperator(t.Value)
	nearest := ""
	if !known {
		if parsed.Miscased {
			nearest = parsed.Name()
		} else {
			nearest, _ = facts.Nearest(t.Value, operatorNames())
		}
	}
	b := read.object(10)
	b.text("text", t.Value)
	b.add("path", pathTerm(t.Path, skip))
	b.truth("known", known)
	b.text("nearest", nearest)
	b.text("base", parsed.Base.Name)
	b.text("family", parsed.Base.Family)
	b.text("set", parsed.Set)
	b.truth("if_exists", parsed.IfExists)
	b.truth("negated", parsed.Base.Negated)
	b.truth("wildcards", parsed.Base.Wildcards)
	return b.object()
}

func operatorNames() []string {
	var names []string
	for _, o := range facts.Operators() {
		names = append(names, o.Name)
		if o.IfExistsForm != "" {
			names = append(names, o.IfExistsForm)
		}
	}
	return names
}

func conditionKeyTerm(c policy.Condition, reached []string, skip int, read fields) *ast.Term {
	t := c.Key
	if t.Parts != nil {
		return object(holeMembers(t.Parts, pathTerm(t.Path, skip))...)
	}
	key, suffix, known := facts.LookupConditionKey(t.Value)
	nearest, spelled := "", ""
	if known {
		spelled = key.Spell(suffix)
	} else {
		nearest = nearestKey(c)
	}
	never := []string{}
	for _, action := range reached {
		if known && !facts.ConditionKeyForAction(t.Value, action) {
			never = append(never, action)
		}
	}
	b := read.object(20)
	b.text("text", t.Value)
	b.add("path", pathTerm(t.Path, skip))
	b.truth("known", known)
	b.text("nearest", nearest)
	b.text("spelled", spelled)
	b.text("name", key.Name)
	b.text("suffix", suffix)
	b.text("type", key.Type)
	b.term("families", func() *ast.Term { return texts(key.OperatorFamilies) })
	b.truth("multivalued", key.Multivalued)
	b.truth("set_operator_required", key.SetOperatorRequired)
	b.truth("for_all_values_refused", key.ForAllValuesRefused)
	b.truth("iam_only", key.UsableIn == "iam_only")
	b.truth("relevant", !known || key.RelevantInKeyPolicy)
	b.text("category", key.Category)
	b.text("presence", string(key.Presence))
	b.text("replaced_by", key.ReplacedBy)
	b.term("allowed", func() *ast.Term { return texts(key.Values) })
	b.term("operations", func() *ast.Term { return texts(key.Operations) })
	b.term("never_with", func() *ast.Term { return texts(never) })
	return b.object()
}

// nearestKey is the condition key that a misspelt one can be meant for: one that can have a value of the condition.
func nearestKey(c policy.Condition) string {
	name, _ := facts.Nearest(c.Key.Value, conditionKeyNames())
	key, _, known := facts.LookupConditionKey(name)
	operator, _ := facts.ParseOperator(c.Operator.Value)
	if known && len(key.Values) > 0 && !slices.ContainsFunc(c.Values, func(v policy.Text) bool {
		return hasVariable(v.Value) || isPossible(operator, key.Values, v.Value)
	}) {
		return ""
	}
	return name
}

func conditionKeyNames() []string {
	var names []string
	for _, k := range facts.ConditionKeys() {
		if !k.Pattern {
			names = append(names, k.Name)
		}
	}
	return names
}
