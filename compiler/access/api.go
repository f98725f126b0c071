package access

import "github.com/keypolicy/keypolicy/compiler/policy"

// RequestError says why a request cannot be: nothing that KMS would ever receive.
type RequestError struct{ Message string }

// Error gives the sentence.
func (e *RequestError) Error() string { return e.Message }

// Analysis answers questions about one policy, each when it is first asked.
type Analysis struct{}

// NewAnalysis prepares an analysis; it costs nothing till it is asked.
func NewAnalysis(doc *policy.Document, env Env) *Analysis { panic("TODO") }

// Analyze answers all of an analysis's questions.
func Analyze(doc *policy.Document, env Env) *Report { panic("TODO") }

// Lockout says who can change the policy.
func (a *Analysis) Lockout() Lockout { panic("TODO") }

// External lists the principals outside the trusted accounts and organizations that get in.
func (a *Analysis) External() []External { panic("TODO") }

// Public says whether an outsider gets in, with a request as witness.
func (a *Analysis) Public() (Answer, *Request) { panic("TODO") }

// ConfusedDeputy lists the services that an untrusted account can drive.
func (a *Analysis) ConfusedDeputy() []Deputy { panic("TODO") }

// Statements says what each statement does.
func (a *Analysis) Statements() []StatementReport { panic("TODO") }

// Matrix says who may do what.
func (a *Analysis) Matrix() []Row { panic("TODO") }

// Unknown lists what the questions asked so far could not settle.
func (a *Analysis) Unknown() []string { panic("TODO") }

// LetsOutsiderIn says whether a statement, after all Deny statements, lets in an outsider: a caller whose account
// and organization neither the policy nor trust names, from a network that the policy does not name.
func (a *Analysis) LetsOutsiderIn(statement int) (Answer, *Request) { panic("TODO") }

// Diff compares two policies in both directions.
func Diff(oldDoc, newDoc *policy.Document, oldEnv, newEnv Env) *Difference { panic("TODO") }

// Equivalent says whether two policies decide every request alike, for the actions that there are.
func Equivalent(oldDoc, newDoc *policy.Document, oldEnv, newEnv Env) (Answer, []string) {
	panic("TODO")
}
