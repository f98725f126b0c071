package rules

import (
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// actionTerm writes one entry of Action or NotAction.
func (in *inputs) actionTerm(t policy.Text, skip int) *ast.Term {
	in.mu.Lock()
	known, ok := in.actions[t.Value]
	if !ok {
		known = actionFacts(t.Value)
		in.actions[t.Value] = known
	}
	in.mu.Unlock()
	action, _ := known.Value.(ast.Object)
	merged, _ := action.Merge(ast.NewObject(field("path", pathTerm(t.Path, skip))))
	return ast.NewTerm(merged)
}

// actionFacts is what an action's text alone says.
func actionFacts(written string) *ast.Term {
	service, name, colon := strings.Cut(written, ":")
	if !colon {
		service, name = "", written
	}
	matches := facts.MatchActions(written)
	if written == "*" {
		service, name = "*", "*"
	}
	exact := ""
	if action, ok := facts.LookupAction(written); ok {
		exact = action.Name
	}
	var effective, cryptographic, administrative []string
	for _, name := range matches {
		action, _ := facts.LookupAction(name)
		if !action.EffectiveInKeyPolicy {
			continue
		}
		effective = append(effective, name)
		switch {
		case action.Cryptographic:
			cryptographic = append(cryptographic, name)
		case slices.Contains(action.AccessLevels, "Write"):
			administrative = append(administrative, name)
		}
	}
	nearest := ""
	if len(matches) == 0 {
		nearest = nearestAction(service, name)
	}
	return object(
		field("text", text(written)),
		field("service", text(service)),
		field("name", text(name)),
		field("wildcard", truth(strings.ContainsAny(written, "*?"))),
		field("known", truth(exact != "")),
		field("spelled", text(exact)),
		field("matches", texts(matches)),
		field("effective", texts(effective)),
		field("cryptographic", texts(cryptographic)),
		field("administrative", texts(administrative)),
		field("nearest", text(nearest)),
	)
}

func nearestAction(service, name string) string {
	if service != "" && !strings.EqualFold(service, "kms") {
		return ""
	}
	nearest, _ := facts.Nearest("kms:"+name, facts.ActionNames())
	return nearest
}

// factsTerm is what is known of the actions that patterns stand for, and of service principals.
func (in *inputs) factsTerm(patterns []string, principals ...policy.Principal) *ast.Term {
	return object(
		field("actions", in.actionsTerm(patterns)),
		field("services", in.servicesTerm(principals...)),
		field("old", truth(in.old)),
	)
}

func (in *inputs) actionsTerm(patterns []string) *ast.Term {
	key := strings.Join(patterns, "\n")
	in.mu.Lock()
	defer in.mu.Unlock()
	if known, ok := in.facts[key]; ok {
		return known
	}
	var members []member
	for _, a := range facts.Actions() {
		for _, p := range patterns {
			if facts.GlobFold(p, a.Name) {
				members = append(members, field(a.Name, knownAction(a)))
				break
			}
		}
	}
	in.facts[key] = object(members...)
	return in.facts[key]
}

func knownAction(a facts.Action) *ast.Term {
	return object(
		field("access_levels", texts(a.AccessLevels)),
		field("cryptographic", truth(a.Cryptographic)),
		field("grantable", truth(a.GrantOperation)),
		field("effective", truth(a.EffectiveInKeyPolicy)),
		field("cross_account", text(a.CrossAccountUse)),
		field("key_kinds", texts(a.KeyKinds)),
		field("key_specs", texts(a.KeySpecs)),
		field("origins", texts(a.Constraints.Origins)),
		field("key_types", texts(a.Constraints.MultiRegionKeyTypes)),
		field("custom_key_store", truth(a.Constraints.CustomKeyStore)),
	)
}

// isOddAction says that an action, as written, is none that a key policy can allow or deny.
func isOddAction(written string) bool {
	if written == "*" {
		return false
	}
	if odd, ok := oddActions.Load(written); ok {
		return odd.(bool)
	}
	prefixed := len(written) > 4 && strings.EqualFold(written[:4], "kms:")
	odd := !prefixed || !slices.ContainsFunc(facts.MatchActions(written), func(name string) bool {
		action, _ := facts.LookupAction(name)
		return action.EffectiveInKeyPolicy
	})
	oddActions.Store(written, odd)
	return odd
}

// oddActions keeps what isOddAction said of a text, and rests on the facts alone.
var oddActions sync.Map
