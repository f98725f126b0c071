package access

import (
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// setOperator is how a condition takes the values of a key with several.
type setOperator uint8

const (
	plain setOperator = iota
	forAllValues
	forAnyValue
)

// family is what the values of an operator are.
type family uint8

const (
	familyUnknown family = iota
	familyString
	familyARN
	familyBool
	familyNumeric
	familyDate
	familyIP
	familyBinary
	familyNull
)

// comparison is how a value is held against another.
type comparison uint8

const (
	compareEquals comparison = iota
	compareFold
	compareLike
	compareLess
	compareLessEquals
	compareGreater
	compareGreaterEquals
)

// operator is a condition operator, taken apart.
type operator struct {
	set      setOperator
	family   family
	compare  comparison
	negated  bool
	ifExists bool
}

var families = map[string]family{
	"String": familyString, "Arn": familyARN, "Bool": familyBool, "Numeric": familyNumeric, "Date": familyDate,
	"IpAddress": familyIP, "Binary": familyBinary, "Null": familyNull,
}

// comparisons are by what an operator's name ends in.
var comparisons = map[string]comparison{
	"EqualsIgnoreCase": compareFold, "Like": compareLike, "LessThan": compareLess, "LessThanEquals": compareLessEquals,
	"GreaterThan": compareGreater, "GreaterThanEquals": compareGreaterEquals,
}

// parseOperator reads an operator's name by the facts; its family is familyUnknown where AWS has none of that name.
func parseOperator(name string) operator {
	parsed, ok := facts.ParseOperator(name)
	if !ok || parsed.Base.Family == "Null" && parsed.Set != "" {
		return operator{}
	}
	op := operator{family: families[parsed.Base.Family], negated: parsed.Base.Negated, ifExists: parsed.IfExists}
	switch parsed.Set {
	case facts.ForAllValues:
		op.set = forAllValues
	case facts.ForAnyValue:
		op.set = forAnyValue
	}
	op.compare = comparisons[strings.TrimPrefix(strings.TrimPrefix(parsed.Base.Name, parsed.Base.Family), "Not")]
	if op.family == familyARN {
		op.compare = compareLike // ArnEquals and ArnLike are the same
	}
	return op
}

// onAbsent is the outcome where the key is not in the request.
// This table is where most wrong intuitions about IAM live. A negated operator holds if the key is absent, so
// StringNotEquals in a Deny catches requests without the key and in an Allow lets them in. ForAllValues holds
// vacuously. IfExists makes an operator hold, but for ForAnyValue, of which AWS's text and observation differ.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
func (op operator) onAbsent() tri {
	switch {
	case op.family == familyUnknown:
		return maybe
	case op.set == forAllValues:
		return yes
	case op.set == forAnyValue && op.ifExists:
		return maybe // IAM's text says true, observation says false
	case op.set == forAnyValue:
		return no
	default:
		return truth(op.negated || op.ifExists)
	}
}

// takesVariables reports whether a value of the operator can have policy variables.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-wheretouse
func (op operator) takesVariables() bool { return op.family == familyString || op.family == familyARN }
