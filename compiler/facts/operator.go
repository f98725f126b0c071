package facts

import (
	"slices"
	"strings"
	"sync"
)

// The set operators, which are before an operator and a colon.
const (
	ForAllValues = "ForAllValues"
	ForAnyValue  = "ForAnyValue"
)

const ifExists = "IfExists"

// Operator is a condition operator without set operator and IfExists.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
type Operator struct {
	// Name is the operator as IAM spells it.
	Name string `json:"operator"`
	// Family is String, Arn, Bool, Binary, Date, IpAddress, Numeric or Null.
	Family string `json:"family"`
	// Negated is true for an operator that matches when no value does.
	Negated bool `json:"negated"`
	// Inverse is the operator that says the opposite; empty where there is none.
	Inverse string `json:"inverse"`
	// Wildcards is true where * and ? in a value represent other characters.
	Wildcards bool `json:"wildcards"`
	// PolicyVariables is true where ${...} in a value is replaced.
	PolicyVariables bool `json:"policy_variables"`
	// CaseSensitive is true where the case of the value counts.
	CaseSensitive bool `json:"case_sensitive"`
	// IfExistsForm is the operator with IfExists; empty for Null, which takes none.
	IfExistsForm string `json:"if_exists_form"`
	// SetOperators is true where ForAllValues and ForAnyValue are documented for the operator.
	SetOperators bool `json:"set_operators"`
	// AbsentKey is the plain operator's answer when the request lacks the key. For Null the value decides instead.
	AbsentKey bool `json:"absent_key"`
	// AbsentKeyIfExists is the answer with IfExists when the request lacks the key.
	AbsentKeyIfExists bool `json:"absent_key_if_exists"`
	// AbsentKeyForAllValues is the answer with ForAllValues when the request lacks the key.
	AbsentKeyForAllValues bool `json:"absent_key_for_all_values"`
	// AbsentKeyForAnyValue is the answer with ForAnyValue when the request lacks the key.
	AbsentKeyForAnyValue bool `json:"absent_key_for_any_value"`
	// Test says in words what the operator compares.
	Test string `json:"test"`
}

// ParsedOperator is an operator as a policy writes it, taken apart.
type ParsedOperator struct {
	// Set is ForAllValues, ForAnyValue or empty.
	Set string
	// Base is the operator without set operator and IfExists.
	Base Operator
	// IfExists is true where the operator ends so.
	IfExists bool
	// Miscased is true where the text is an operator but for the case of its letters.
	Miscased bool
}

// Name returns the whole operator as IAM spells it.
func (p ParsedOperator) Name() string {
	name := p.Base.Name
	if p.Set != "" {
		name = p.Set + ":" + name
	}
	if p.IfExists {
		name += ifExists
	}
	return name
}

type operatorData struct {
	Date         string              `json:"date"`
	Families     map[string][]string `json:"families"`
	SetOperators []SetOperator       `json:"set_operators"`
	Operators    []Operator          `json:"operators"`
	Grammar      Grammar             `json:"grammar"`
}

// SetOperator is ForAllValues or ForAnyValue with what it does.
type SetOperator struct {
	Name      string `json:"prefix"`
	TrueWhen  string `json:"true_when"`
	AbsentKey bool   `json:"absent_key"`
	EmptySet  bool   `json:"empty_set"`
	Warning   string `json:"warning"`
}

var operatorFile = lazy[operatorData]("condition-operators.json")

// operatorIndex is the operators by lower-case name.
var operatorIndex = sync.OnceValue(func() map[string]Operator {
	index := map[string]Operator{}
	for _, o := range operatorFile().Operators {
		index[strings.ToLower(o.Name)] = o
	}
	return index
})

// Operators returns every condition operator, sorted by name.
func Operators() []Operator {
	sorted := slices.Clone(operatorFile().Operators)
	slices.SortFunc(sorted, func(a, b Operator) int { return strings.Compare(a.Name, b.Name) })
	return sorted
}

// ParseOperator takes an operator apart, as in ForAnyValue:StringLikeIfExists. It is true only for an exact name. Where
// nothing but the case of letters is wrong it is false, with Miscased and everything else set: Name is then what was
// meant.
func ParseOperator(text string) (ParsedOperator, bool) {
	var p ParsedOperator
	rest := text
	if set, after, found := strings.Cut(text, ":"); found {
		for _, name := range []string{ForAllValues, ForAnyValue} {
			if strings.EqualFold(set, name) {
				p.Set = name
			}
		}
		if p.Set == "" {
			return ParsedOperator{}, false
		}
		rest = after
	}
	base, ok := operatorIndex()[strings.ToLower(rest)]
	if at := len(rest) - len(ifExists); !ok && at > 0 && strings.EqualFold(rest[at:], ifExists) {
		base, ok = operatorIndex()[strings.ToLower(rest[:at])]
		ok = ok && base.IfExistsForm != ""
		p.IfExists = true
	}
	if !ok {
		return ParsedOperator{}, false
	}
	p.Base = base
	p.Miscased = p.Name() != text
	return p, !p.Miscased
}
