package diag

// Scope is what a statement says of who may or may not do what, in texts that no order and no Sid changes. A part that the finding
// is not about is nil.
type Scope struct {
	Effect     string
	Principals []string // sorted; "not " before those of NotPrincipal
	Actions    []string // sorted, in lower case; "not " before those of NotAction
	Conditions []string // sorted: the operator, the key and the values as JSON; Resource and NotResource other than "*" too
}
