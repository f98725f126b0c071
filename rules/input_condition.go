package rules

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

func (in *inputs) conditionsTerm(st *policy.Statement, skip int) *ast.Term {
	if len(st.Conditions) == 0 {
		return list(nil)
	}
	var reached []string
	for _, a := range st.Actions {
		reached = append(reached, facts.MatchActions(a.Value)...)
	}
	slices.Sort(reached)
	reached = slices.Compact(reached)
	return terms(st.Conditions, func(c policy.Condition) *ast.Term {
		_, node := st.Node.Resolve(c.Key.Path[len(st.Path):])
		return object(
			field("operator", operatorTerm(c.Operator, skip)),
			field("key", conditionKeyTerm(c.Key, reached, skip)),
			field("list", truth(typeName(node) == "list")),
			field("values", valuesTerm(st, c, skip)),
		)
	})
}

func operatorTerm(t policy.Text, skip int) *ast.Term {
	parsed, known := facts.ParseOperator(t.Value)
	nearest := ""
	if !known {
		if parsed.Miscased {
			nearest = parsed.Name()
		} else {
			nearest, _ = facts.Nearest(t.Value, operatorNames())
		}
	}
	return object(
		field("text", text(t.Value)),
		field("path", pathTerm(t.Path, skip)),
		field("known", truth(known)),
		field("nearest", text(nearest)),
		field("base", text(parsed.Base.Name)),
		field("family", text(parsed.Base.Family)),
		field("set", text(parsed.Set)),
		field("if_exists", truth(parsed.IfExists)),
		field("negated", truth(parsed.Base.Negated)),
		field("wildcards", truth(parsed.Base.Wildcards)),
	)
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

func conditionKeyTerm(t policy.Text, reached []string, skip int) *ast.Term {
	key, suffix, known := facts.LookupConditionKey(t.Value)
	nearest, spelled := "", ""
	if known {
		spelled = key.Spell(suffix)
	} else {
		nearest, _ = facts.Nearest(t.Value, conditionKeyNames())
	}
	never := []string{}
	for _, action := range reached {
		if known && !facts.ConditionKeyForAction(t.Value, action) {
			never = append(never, action)
		}
	}
	return object(
		field("text", text(t.Value)),
		field("path", pathTerm(t.Path, skip)),
		field("known", truth(known)),
		field("nearest", text(nearest)),
		field("spelled", text(spelled)),
		field("name", text(key.Name)),
		field("suffix", text(suffix)),
		field("type", text(key.Type)),
		field("families", texts(key.OperatorFamilies)),
		field("multivalued", truth(key.Multivalued)),
		field("set_operator_required", truth(key.SetOperatorRequired)),
		field("for_all_values_refused", truth(key.ForAllValuesRefused)),
		field("iam_only", truth(key.UsableIn == "iam_only")),
		field("relevant", truth(!known || key.RelevantInKeyPolicy)),
		field("category", text(key.Category)),
		field("presence", text(string(key.Presence))),
		field("replaced_by", text(key.ReplacedBy)),
		field("allowed", texts(key.Values)),
		field("operations", texts(key.Operations)),
		field("never_with", texts(never)),
	)
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
