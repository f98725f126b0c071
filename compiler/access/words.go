package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
)

// phrase says in words what a key's values must be.
// The form of a phrase is chosen so that the absence of a key is never hidden: "not from VPC x" includes requests
// from no VPC at all, and "only with aws:SourceVpc, but not x" does not.
func phrase(k conditionKey, c Constraint) string {
	with, whenTrue := prepositions(k)
	switch {
	case c.Operator == "Null" && slices.Equal(c.Values, []string{"true"}):
		return "only without " + k.name
	case c.Operator == "Null":
		return "only with " + k.name + besides(c, k)
	case strings.TrimSuffix(c.Operator, "IfExists") == "Bool" && whenTrue != "" && slices.Equal(c.Values, []string{"true"}) && len(c.And) == 0:
		return "only " + whenTrue + besides(c, k) + orAbsent(c.Absent, k)
	case leavesOut(c.Operator) && c.Absent:
		return "not " + with + words(k, Comparison{opposite(c.Operator), c.Values}) + besides(c, k)
	case leavesOut(c.Operator):
		return "only with " + k.name + ", but not " + words(k, Comparison{opposite(c.Operator), c.Values}) + besides(c, k)
	}
	text := "only " + with + words(k, c.Comparison)
	for _, more := range c.And {
		text += " and " + words(k, more)
	}
	return text + besides(c, k) + orAbsent(c.Absent, k)
}

// besides says what a value is not to be.
func besides(c Constraint, k conditionKey) string {
	text := ""
	for _, not := range c.Not {
		text += " but not " + words(k, not)
	}
	return text
}

// words says what a comparison asks of a value.
// ForAllValues is said as "only": no other value may be in the request, which includes the request that has none
// at all.
func words(k conditionKey, c Comparison) string {
	set, base, ok := strings.Cut(c.Operator, ":")
	if !ok {
		set, base = "", c.Operator
	}
	var list []string
	for _, v := range c.Values {
		list = append(list, valueWord(parseOperator(base), shortValue(k, v)))
	}
	switch negated := strings.Contains(base, "Not"); set {
	case "ForAllValues":
		if negated {
			return "none of " + strings.Join(list, ", ")
		}
		return "only " + strings.Join(list, ", ")
	case "ForAnyValue":
		if negated {
			return "one besides " + strings.Join(list, ", ")
		}
		return "one of " + strings.Join(list, ", ")
	}
	return diag.Join(list, "or")
}

// valueWord says a value as an operator reads it: in quotes where it is nothing, or where it is not the pattern that it looks like.
func valueWord(op operator, text string) string {
	literal := op.family == familyString && (op.compare == compareEquals || op.compare == compareFold) && strings.ContainsAny(text, "*?")
	if text == "" || literal {
		text = `"` + text + `"`
	}
	if op.compare == compareFold {
		text += " in any case"
	}
	return comparisonWord(op) + text
}

func comparisonWord(op operator) string {
	switch op.compare {
	case compareLess:
		return "< "
	case compareLessEquals:
		return "<= "
	case compareGreater:
		return "> "
	case compareGreaterEquals:
		return ">= "
	case compareEquals, compareFold, compareLike:
	}
	return ""
}

func orAbsent(absent bool, k conditionKey) string {
	if !absent {
		return ""
	}
	if facts.KeySays(k.lower) == facts.ViaServiceName {
		return " or directly"
	}
	return " or without " + k.name
}

func shortValue(k conditionKey, v string) string {
	if facts.KeySays(k.lower) == facts.ViaServiceName {
		return strings.TrimSuffix(v, ".amazonaws.com")
	}
	return v
}

// prepositions give what is before a key's values, and for a Bool key what represents its being true.
// The keys that most policies have read as a sentence; any other is named as it is, which is exact and needs no
// vocabulary.
func prepositions(k conditionKey) (with, whenTrue string) {
	switch facts.KeySays(k.lower) {
	case facts.ViaServiceName:
		return "through ", ""
	case facts.NetworkAddress, facts.EndpointAddress:
		return "from ", ""
	case facts.EndpointVPC:
		return "from VPC ", ""
	case facts.EndpointID:
		return "through VPC endpoint ", ""
	case facts.CallerOrganization:
		return "from organization ", ""
	case facts.SourceAccount:
		return "for account ", ""
	case facts.SourceARN:
		return "for ", ""
	case facts.RequestTime:
		return "at a time ", ""
	case facts.RequestMFA:
		return "with " + k.name + " ", "with MFA"
	case facts.GrantForAWSResource:
		return "with " + k.name + " ", "for AWS resources"
	}
	if facts.KeySays(k.lower) == facts.ContextPair {
		return "with encryption context " + k.name[len(encryptionPrefix):] + "=", ""
	}
	return "with " + k.name + " ", ""
}
