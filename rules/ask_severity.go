package rules

import (
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// severity is a finding's severity; false where it is not reported at all. Nothing lowers an error of the category lockout.
func (s *Set) severity(r *rule, f finding) (diag.Severity, bool) {
	severity, on := s.ownSeverity(r, f)
	enforced := s.atLeast(r)
	return max(severity, enforced), on || enforced > 0
}

// ownSeverity is a finding's severity by the rule and the configuration, whatever is enforced.
func (s *Set) ownSeverity(r *rule, f finding) (diag.Severity, bool) {
	severity := r.Severity
	if f.severity != 0 {
		severity = f.severity
	}
	name, configured := s.configured(r)
	switch {
	case !configured && (r.Enabled || s.opts.Only == r.Name):
		return severity, true
	case r.Category == Lockout && severity == diag.Error:
		return severity, true
	case !configured || name == Off:
		return 0, false
	default:
		configuredSeverity, _ := diag.ParseSeverity(name) // Load has looked
		return configuredSeverity, true
	}
}
