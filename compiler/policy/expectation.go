package policy

import "github.com/keypolicy/keypolicy/compiler/diag"

// Expectation is a request and the decisions of which it must get one.
type Expectation struct {
	Path              diag.Path // in the spec; nil where it is given from outside
	Principal, Action string
	Context           map[string][]string // condition key → values
	Decisions         []string
}
