package keypolicy

import (
	"fmt"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// Summary counts what a run saw: all of it, reported or not.
type Summary struct {
	Files      int `json:"files"`
	Policies   int `json:"policies"`
	Error      int `json:"error"`
	Warning    int `json:"warning"`
	Info       int `json:"info"`
	Suppressed int `json:"suppressed"`
	Known      int `json:"known,omitempty"` // in the baseline: they are not among the others

	Assumed []AssumedPolicy `json:"-"` // JSON has them beside the summary
}

// AssumedPolicy is a policy whose account nothing states: it was taken from the policy's text, or is not known. What was
// found in it rests on that.
type AssumedPolicy struct {
	File     string  `json:"file"`
	Document int     `json:"document"`
	Region   string  `json:"region,omitempty"`
	Account  Account `json:"account"`
}

// Account is the key's account and where it is from: flag, spec, key, configuration, policy or unknown.
type Account struct {
	ID   string `json:"id"`
	From string `json:"from"`
}

// Count adds a list's findings.
func (s *Summary) Count(list diag.List) {
	s.Error += list.Count(diag.Error)
	s.Warning += list.Count(diag.Warning)
	s.Info += list.Count(diag.Info)
}

// add adds what another summary counts.
func (s *Summary) add(other Summary) {
	s.Files += other.Files
	s.Policies += other.Policies
	s.Assumed = append(s.Assumed, other.Assumed...)
	s.Error += other.Error
	s.Warning += other.Warning
	s.Info += other.Info
	s.Suppressed += other.Suppressed
}

// AtLeast reports whether something of a severity or a worse one was found.
func (s *Summary) AtLeast(severity diag.Severity) bool {
	switch severity {
	case diag.Error:
		return s.Error > 0
	case diag.Warning:
		return s.Error+s.Warning > 0
	default:
		return s.Error+s.Warning+s.Info > 0
	}
}

// String is the summary as a sentence.
func (s *Summary) String() string {
	suppressed := ""
	if s.Suppressed > 0 {
		suppressed = fmt.Sprintf(", %d suppressed", s.Suppressed)
	}
	if s.Known > 0 {
		suppressed += fmt.Sprintf(", %d in the baseline", s.Known)
	}
	return fmt.Sprintf("%s, %s, %d info%s in %s (%s)",
		number(s.Error, "error", "errors"), number(s.Warning, "warning", "warnings"), s.Info, suppressed,
		number(s.Files, "file", "files"), number(s.Policies, "policy", "policies"))
}

func number(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}
