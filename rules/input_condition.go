package rules

import (
	"slices"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// conditionsTerm writes a statement's conditions. Statements of many policies have the same ones, such as that a grant is for an AWS
// resource: what is made of them depends on their texts and types, the actions beside them, and the fields that are read.
func (in *inputs) conditionsTerm(st *policy.Statement, skip int, read fields) *ast.Term {
	if len(st.Conditions) == 0 {
		return list(moreTerms(st, "Condition", skip))
	}
	if hasHoles(st) {
		return in.newConditionsTerm(st, skip, read)
	}
	key := make(keptKey, 0, 512).add("conditions", read.key)
	for _, a := range st.Actions {
		key = key.add("action", a.Value)
	}
	for _, c := range st.Conditions {
		_, node := st.Node.Resolve(c.Key.Path[len(st.Path):])
		key = key.add("condition", c.Operator.Value, c.Key.Value, typeName(node)).path(c.Key.Path[skip:])
		for _, v := range c.Values {
			_, value := st.Node.Resolve(v.Path[len(st.Path):])
			key = key.add("value", v.Value, typeName(value), strconv.FormatBool(isWithQuotes(value))).path(v.Path[skip:])
		}
	}
	return in.parts.get(string(key), func() *ast.Term { return in.newConditionsTerm(st, skip, read) })
}

// hasHoles reports whether not all of a statement's actions and conditions is known.
func hasHoles(st *policy.Statement) bool {
	unknown := func(t policy.Text) bool { return t.Parts != nil }
	return len(st.MoreOf("Condition")) > 0 || slices.ContainsFunc(st.Actions, unknown) ||
		slices.ContainsFunc(st.Conditions, func(c policy.Condition) bool {
			return unknown(c.Operator) || unknown(c.Key) || slices.ContainsFunc(c.Values, unknown)
		})
}

func (in *inputs) newConditionsTerm(st *policy.Statement, skip int, read fields) *ast.Term {
	var reached []string
	for _, a := range st.Actions {
		reached = append(reached, in.pattern(a.Value).matches...)
	}
	slices.Sort(reached)
	reached = slices.Compact(reached)
	conditions := make([]*ast.Term, 0, len(st.Conditions))
	for _, c := range st.Conditions {
		_, node := st.Node.Resolve(c.Key.Path[len(st.Path):])
		conditions = append(conditions, object(
			read.term("operator", operatorTerm(c.Operator, skip, read)),
			read.term("key", conditionKeyTerm(c, reached, skip, read)),
			read.truth("list", typeName(node) == "list"),
			read.lazy("values", func() *ast.Term { return valuesTerm(st, c, skip, read) }),
		))
	}
	return list(append(conditions, moreTerms(st, "Condition", skip)...))
}

func operatorTerm(t policy.Text, skip int, read fields) *ast.Term {
	if t.Parts != nil {
		return unknown(t.Parts, pathTerm(t.Path, skip), false)
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
	return object(
		read.text("text", t.Value), read.term("path", pathTerm(t.Path, skip)), read.truth("known", known),
		read.text("nearest", nearest),
		read.text("base", parsed.Base.Name), read.text("family", parsed.Base.Family), read.text("set", parsed.Set),
		read.truth("if_exists", parsed.IfExists),
		read.truth("negated", parsed.Base.Negated), read.truth("wildcards", parsed.Base.Wildcards),
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

func conditionKeyTerm(c policy.Condition, reached []string, skip int, read fields) *ast.Term {
	t := c.Key
	if t.Parts != nil {
		return unknown(t.Parts, pathTerm(t.Path, skip), false)
	}
	key, suffix, known := facts.LookupConditionKey(t.Value)
	nearest, spelled := "", ""
	if known {
		spelled = key.Spell(suffix)
	} else {
		nearest = nearestKey(c)
	}
	never := slices.DeleteFunc(slices.Clone(reached), func(action string) bool { return !known || facts.ConditionKeyForAction(t.Value, action) })
	return object(
		read.text("text", t.Value), read.term("path", pathTerm(t.Path, skip)), read.truth("known", known),
		read.text("nearest", nearest), read.text("spelled", spelled),
		read.text("name", key.Name), read.text("suffix", suffix), read.text("type", key.Type),
		read.texts("families", key.OperatorFamilies), read.truth("multivalued", key.Multivalued),
		read.truth("set_operator_required", key.SetOperatorRequired),
		read.truth("for_all_values_refused", key.ForAllValuesRefused),
		read.truth("iam_only", key.UsableIn == "iam_only"), read.truth("relevant", !known || key.RelevantInKeyPolicy),
		read.text("category", key.Category),
		read.text("presence", string(key.Presence)), read.text("replaced_by", key.ReplacedBy),
		read.texts("allowed", key.Values), read.text("form", access.ValueForm(key.Name)),
		read.texts("operations", key.Operations), read.texts("never_with", never),
	)
}

// nearestKey is the condition key that a misspelt one can be meant for: one that can have a value of the condition.
func nearestKey(c policy.Condition) string {
	name, found := withPrefix(c.Key.Value)
	if !found {
		name, _ = facts.Nearest(c.Key.Value, conditionKeyNames())
	}
	key, _, known := facts.LookupConditionKey(name)
	operator, _ := facts.ParseOperator(c.Operator.Value)
	if known && len(key.Values) > 0 && !slices.ContainsFunc(c.Values, func(v policy.Text) bool {
		return hasVariable(v.Value) || isPossible(operator, key.Values, v.Value)
	}) {
		return ""
	}
	return name
}

// withPrefix is the key whose name a text is without the service before it, where that is one.
func withPrefix(text string) (string, bool) {
	found := ""
	for _, name := range conditionKeyNames() {
		if _, rest, _ := strings.Cut(name, ":"); strings.EqualFold(rest, text) {
			if found != "" {
				return "", false
			}
			found = name
		}
	}
	return found, found != ""
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
