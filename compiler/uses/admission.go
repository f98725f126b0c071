package uses

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// admission is which principals the Allow statements of a policy can let in, whatever their actions and conditions are. It is asked
// before the engine is, and says yes where it is not sure.
type admission struct {
	anyone   bool     // "*", a wildcard, NotPrincipal, a principal that a run decides, or what was not understood
	callers  bool     // an account, a user or a role
	services []string // service principals
}

func admissionOf(doc *policy.Document) admission {
	a := admission{anyone: len(doc.Problems) > 0}
	for i := range doc.Statements {
		st := &doc.Statements[i]
		if st.Effect.Value == "Deny" {
			continue
		}
		if len(st.Principals) == 0 {
			a.anyone = true
		}
		for _, p := range st.Principals {
			switch {
			case p.Parts != nil || strings.ContainsAny(p.Text, "*?"):
				a.anyone = true
			case p.Kind == policy.Service && p.Element == "Service":
				a.services = append(a.services, p.Text)
			case p.Element == "AWS" && (p.Kind == policy.Account || p.Kind == policy.User || p.Kind == policy.Role):
				a.callers = true
			default:
				a.anyone = true
			}
		}
	}
	return a
}

// admits reports whether a policy can let every request of a use in.
func (a admission) admits(use facts.Use) bool {
	for _, r := range use.Requests {
		if !a.admitsPrincipal(use, r.Principal) {
			return false
		}
	}
	return true
}

func (a admission) admitsPrincipal(use facts.Use, form string) bool {
	if a.anyone {
		return true
	}
	var pattern strings.Builder
	for _, part := range split(form) {
		switch {
		case part.name == "":
			pattern.WriteString(part.text)
		case use.Parameters[part.name].Principals:
			return a.callers
		default:
			pattern.WriteByte('*')
		}
	}
	if strings.HasPrefix(form, "arn:") {
		return a.callers
	}
	return slices.ContainsFunc(a.services, func(service string) bool { return glob.MatchFold(pattern.String(), service) })
}
