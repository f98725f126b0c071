package rules

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// factsTerm is what is known of service principals, and whether that may be old.
func (in *inputs) factsTerm(principals ...policy.Principal) *ast.Term {
	return object(every.term("services", in.servicesTerm(principals...)), every.term("actions", actionFacts()), every.truth("old", in.old))
}

// actionFacts lists the actions that use a key, and those that administer it.
var actionFacts = sync.OnceValue(func() *ast.Term {
	var cryptographic, administrative []string
	for _, a := range facts.Actions() {
		switch {
		case a.Cryptographic && a.EffectiveInKeyPolicy:
			cryptographic = append(cryptographic, a.Name)
		case a.Administers():
			administrative = append(administrative, a.Name)
		}
	}
	return object(every.texts("cryptographic", cryptographic), every.texts("administrative", administrative))
})

// servicesTerm is what is known of the service principals of a statement, by their text.
func (in *inputs) servicesTerm(principals ...policy.Principal) *ast.Term {
	var members []member
	seen := map[string]bool{}
	for _, p := range principals {
		name := p.Text
		if service, known := serviceIn(p.Parts, anyRegion); known && p.Element == "Service" {
			name = service
		} else if p.Kind != policy.Service {
			continue
		}
		if seen[p.Text] {
			continue
		}
		seen[p.Text] = true
		known := in.services.get(name, func() *ast.Term { return serviceFacts(name) })
		members = append(members, field(p.Text, known))
	}
	return object(members...)
}

// anyRegion is in the place of one that is not known.
const anyRegion = "eu-central-1"

// isServiceKnown reports whether a service principal of which not all is known says which service it is.
func isServiceKnown(p policy.Principal) bool {
	_, known := serviceIn(p.Parts, anyRegion)
	return known && p.Element == "Service"
}

// serviceFacts is what is documented of a service that calls KMS as itself.
func serviceFacts(name string) *ast.Term {
	principal, region, known := facts.LookupServicePrincipal(name)
	published, _ := facts.LookupPublishedGrantStatement(name)
	documented := []*ast.Term{}
	for _, id := range principal.Uses {
		use, _ := facts.LookupServiceUse(id)
		for _, raw := range use.Statements {
			if st, ok := readDocumented(raw, principal.Name); ok {
				documented = append(documented, st.term(use))
			}
		}
	}
	return object(
		every.truth("known", known), every.text("region", region), every.text("regional", facts.RegionalPrincipal(name)),
		every.list("documented", documented),
		every.term("unsupported", terms(unsupported(principal.Name), func(e facts.ConfusedDeputyException) *ast.Term {
			use, _ := facts.LookupServiceUse(e.Use)
			return object(every.text("when", e.When), every.texts("keys", e.NotSupported), every.text("use", use.Name))
		})),
		every.term("uses", terms(principal.Uses, func(id string) *ast.Term { return useTerm(id, principal.Name) })),
		every.term("caller", callerTerm(name)), every.truth("members", facts.DeliversForMembers(name)),
		every.truth("delegates", facts.DelegatesKeys(name)),
		every.texts("published_grant", published.Actions),
	)
}

// unsupported are the uses of a service in which it does not send the usual keys that say for whom it acts.
func unsupported(name string) []facts.ConfusedDeputyException {
	return slices.DeleteFunc(facts.ConfusedDeputyExceptions(), func(e facts.ConfusedDeputyException) bool {
		return e.Principal != name || len(e.NotSupported) == 0
	})
}

// callerTerm says how a service gets at keys that hardly calls KMS as itself. Its name is empty for any other service.
func callerTerm(name string) *ast.Term {
	caller, _ := facts.LookupCallerPrincipal(name)
	if caller.Name == "" {
		caller.Name, caller.Via = viaStyle(name)
		caller.Means = "with its caller's credentials"
	}
	return object(
		every.text("name", caller.Name), every.text("means", caller.Means), every.text("via", caller.Via),
		every.text("as_itself", caller.AsItself),
	)
}

// viaStyle names a service that calls KMS with its caller's credentials, and the first part of its kms:ViaService values;
// empty where it has another use too.
func viaStyle(name string) (service, prefix string) {
	prefix, isService := strings.CutSuffix(name, ".amazonaws.com")
	if _, _, known := facts.LookupServicePrincipal(name); known || !isService {
		return "", ""
	}
	for _, use := range facts.ServiceUses() {
		if use.AccessStyle == facts.StyleViaService && slices.Contains(use.ViaServicePrefixes, prefix) {
			return use.Name, prefix
		}
	}
	return "", ""
}

// documented is a statement that AWS's pages give for a service principal.
type documented struct {
	Principal json.RawMessage
	Action    texted
	Condition map[string]map[string]texted
}

// texted is a string or a list of strings.
type texted []string

// UnmarshalJSON reads either.
func (t *texted) UnmarshalJSON(data []byte) error {
	var one string
	if err := json.Unmarshal(data, &one); err == nil {
		*t = texted{one}
		return nil
	}
	var many []string
	err := json.Unmarshal(data, &many)
	*t = many
	return err
}

// readDocumented reads a statement that is for the service; one for SERVICE is for any.
func readDocumented(raw json.RawMessage, service string) (documented, bool) {
	var st documented
	var principal struct{ Service texted }
	if json.Unmarshal(raw, &st) != nil || json.Unmarshal(st.Principal, &principal) != nil {
		return st, false
	}
	return st, slices.ContainsFunc(principal.Service, func(name string) bool {
		return name == service || strings.HasPrefix(name, "SERVICE.")
	})
}

func (d documented) term(use facts.ServiceUse) *ast.Term {
	var actions, keys, sources, limits []string
	for _, key := range use.ConfusedDeputyKeys {
		limits = append(limits, strings.ToLower(key))
	}
	for _, a := range d.Action {
		actions = append(actions, facts.MatchActions(a)...)
	}
	for _, block := range d.Condition {
		for key, values := range block {
			keys = append(keys, strings.ToLower(key))
			for _, v := range values {
				if arn, ok := policy.ParseARN(v); ok && strings.EqualFold(key, "aws:SourceArn") && arn.Service != "SERVICE" {
					sources = append(sources, arn.Service)
				}
			}
		}
	}
	for _, all := range []*[]string{&actions, &keys, &sources, &limits} {
		slices.Sort(*all)
		*all = slices.Compact(*all)
	}
	return object(
		every.text("use", use.Name), every.texts("actions", actions), every.texts("keys", keys), every.texts("limits", limits),
		every.texts("sources", sources),
	)
}
