package rules

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// useTerm is a use of a key by a service, with the actions that the service needs for it.
func useTerm(id, service string) *ast.Term {
	documented, _ := facts.LookupServiceUse(id)
	use, known := facts.LookupUse(id)
	return object(
		every.text("name", documented.Name), every.text("what", use.Name), every.truth("known", known),
		every.truth("own", isOwnUse(use, service)), every.truth("stores", use.Stores), every.term("needs", terms(needsOf(use, service), needTerm)),
	)
}

// isOwnUse reports whether AWS's page of the use names the service. Otherwise it is one of a list of services.
func isOwnUse(use facts.Use, service string) bool {
	for _, r := range use.Requests {
		if principalOf(r) == service {
			return true
		}
	}
	return false
}

// needsOf lists the actions of a use that the service itself requests.
func needsOf(use facts.Use, service string) []string {
	var needs []string
	for _, r := range use.Requests {
		if name := principalOf(r); name == service || name == "$(service)" {
			needs = append(needs, r.Actions...)
		}
	}
	return needs
}

func principalOf(r facts.UseRequest) string {
	return strings.Replace(r.Principal, "$(region)", "REGION", 1)
}

// needTerm is an action that a use needs. Of one with a wildcard AWS does not say which of its actions are needed.
func needTerm(action string) *ast.Term {
	return object(every.text("text", action), every.texts("any", facts.MatchActions(action)))
}
