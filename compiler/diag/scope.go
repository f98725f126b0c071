package diag

// Scope is what a statement says of who may or may not do what, in texts that no order and no Sid changes. A part that the finding
// is not about is nil.
type Scope struct {
	Effect     string   `json:"effect,omitempty"`
	Principals []string `json:"principals,omitempty"` // sorted; "not " before those of NotPrincipal
	Actions    []string `json:"actions,omitempty"`    // sorted, in lower case; "not " before those of NotAction
	Conditions []string `json:"conditions,omitempty"` // sorted: the operator, the key and the values as JSON; Resource and NotResource other than "*" too
}
