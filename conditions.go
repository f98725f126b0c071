package keypolicy

import "github.com/keypolicy/keypolicy/compiler/access"

// Decision is what a key policy says of a request.
type Decision string

// The decisions.
const (
	Allowed             Decision = "allowed"
	NeedsIdentityPolicy Decision = "needs_identity_policy" // an identity policy must allow it too
	ExplicitDeny        Decision = "explicit_deny"
	ImplicitDeny        Decision = "implicit_deny" // a grant can still allow it
	Unknown             Decision = "unknown"
)

// Conditions are the contexts in which something holds: those in which all keys of one of AnyOf meet their constraint.
// Without any, both fields are empty: it holds in every context.
type Conditions struct {
	Text  string                  `json:"text,omitempty"`
	AnyOf []map[string]Constraint `json:"any_of,omitempty"`
}

// Comparison is what a condition asks of the values of a key: an operator of IAM with its values, as a policy has them.
type Comparison struct {
	Operator string   `json:"operator"` // without IfExists, which Constraint.Absent says; "" where the values cannot be described
	Values   []string `json:"values"`
}

// Constraint says which requests fit, as far as one condition key goes. A request with the key fits where the key's values
// meet the comparison and all of And, and none of Not. A key that only has to be there, or to be absent, is compared by Null.
type Constraint struct {
	Comparison
	Absent bool         `json:"absent"` // whether a request without the key fits
	And    []Comparison `json:"and,omitempty"`
	Not    []Comparison `json:"not,omitempty"`
}

// Reason says why something is not known.
type Reason struct {
	Kind string `json:"kind"` // not_yet_known, open or budget
	Text string `json:"text"`
}

func newConditions(c access.Conditions) Conditions {
	out := Conditions{Text: c.Text}
	for _, all := range c.AnyOf {
		keys := make(map[string]Constraint, len(all))
		for key, constraint := range all {
			keys[key] = Constraint{
				Comparison: Comparison(constraint.Comparison), Absent: constraint.Absent,
				And: converted(constraint.And, newComparison), Not: converted(constraint.Not, newComparison),
			}
		}
		out.AnyOf = append(out.AnyOf, keys)
	}
	return out
}

func newComparison(c access.Comparison) Comparison { return Comparison(c) }

func newReasons(list []access.Reason) []Reason {
	return converted(list, func(r access.Reason) Reason { return Reason{string(r.Kind), r.Text} })
}

// converted is a list of which JSON writes [] where it is empty.
func converted[From, To any](list []From, convert func(From) To) []To {
	out := make([]To, 0, len(list))
	for _, item := range list {
		out = append(out, convert(item))
	}
	return out
}

// nonNil is a list that JSON writes as [] where it is empty.
func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
