package facts

// Grammar is the grammar of a policy document, as far as it is lists of names.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
type Grammar struct {
	// Elements are the elements of the document.
	Elements []string `json:"top_level"`
	// RequiredElements are those that a document must have.
	RequiredElements []string `json:"required_top_level"`
	// Versions are the values of Version.
	Versions []Version `json:"versions"`
	// DefaultVersion is what a document without Version is read as.
	DefaultVersion string `json:"version_default_when_missing"`
	// StatementElements are the elements of a statement.
	StatementElements []string `json:"statement_elements"`
	// ExclusivePairs are elements of a statement that exclude one another.
	ExclusivePairs [][]string `json:"exclusive_pairs"`
	// RequiredStatementElements are those that a statement of a key policy must have.
	RequiredStatementElements []string `json:"required_in_key_policy_statement"`
	// Effects are the values of Effect.
	Effects []string `json:"effect_values"`
	// PrincipalTypes are the keys that a Principal can have.
	PrincipalTypes []string `json:"principal_types"`
}

// Version is a version of the policy language.
type Version struct {
	Value           string `json:"value"`
	PolicyVariables bool   `json:"policy_variables"`
	Current         bool   `json:"current"`
}

// PolicyGrammar returns the grammar of a policy document.
func PolicyGrammar() Grammar {
	return operatorFile().Grammar
}
