package keypolicy

// RuleInput is what a rule sees of a subject, as `keypolicy compile --to input` writes it.
type RuleInput struct {
	Subject string `json:"subject"`
	Input   any    `json:"input"`
}
