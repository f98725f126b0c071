package rules

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// pattern is what the text of one entry of Action or NotAction says, whatever statement it is in.
type pattern struct {
	matches       []string // of KMS's actions
	effective     []string // those that do something in a key policy
	cryptographic []string
	wildcard      bool
	all           bool // of KMS, and what will be added

	use, administration, grants bool         // what it lets somebody do: each by at least one action
	odd                         bool         // not an action that a key policy can allow or deny
	exact                       facts.Action // the one that it names; zero where it is none or a wildcard

	term *ast.Term // without its path
}

func (p *pattern) takes(action string) bool { return slices.Contains(p.matches, action) }

// isUsable reports whether a key can do one of its actions, by its spec and usage.
func (p *pattern) isUsable(key spec.Key) bool {
	return key.Kind == "" || slices.ContainsFunc(p.effective, func(name string) bool {
		a, _ := facts.LookupAction(name)
		return slices.Contains(a.KeyKinds, key.Kind) && (len(a.KeySpecs) == 0 || slices.Contains(a.KeySpecs, key.Spec))
	})
}

// isUnfit reports whether a key cannot do what it names, also by its origin and its Regions where it is one action.
func (p *pattern) isUnfit(key spec.Key) bool {
	if key.Kind == "" || len(p.effective) == 0 {
		return false
	}
	made := p.exact.Constraints
	return !p.isUsable(key) || len(made.Origins) > 0 && !slices.Contains(made.Origins, key.Origin) || len(made.MultiRegionKeyTypes) > 0 && !key.MultiRegion
}

// pattern reads a text once.
func (in *inputs) pattern(written string) *pattern {
	return in.patterns.get(written, func() *pattern { return readPattern(written) })
}

func readPattern(written string) *pattern {
	service, name, colon := strings.Cut(written, ":")
	if !colon {
		service, name = "", written
	}
	if written == "*" {
		service, name = "*", "*"
	}
	p := &pattern{matches: facts.MatchActions(written), wildcard: strings.ContainsAny(written, "*?")}
	switch strings.ToLower(written) {
	case "*", "kms:*", "*:*":
		p.all = true
	}
	exact, known := facts.LookupAction(written)
	p.exact = exact
	var administrative []string
	for _, name := range p.matches {
		action, _ := facts.LookupAction(name)
		p.use = p.use || action.Cryptographic
		p.administration = p.administration || action.Administers()
		p.grants = p.grants || name == "kms:CreateGrant"
		if !action.EffectiveInKeyPolicy {
			continue
		}
		p.effective = append(p.effective, name)
		switch {
		case action.Cryptographic:
			p.cryptographic = append(p.cryptographic, name)
		case slices.Contains(action.AccessLevels, "Write"):
			administrative = append(administrative, name)
		}
	}
	ofKMS := len(written) > 4 && strings.EqualFold(written[:4], "kms:")
	p.odd = written != "*" && (!ofKMS || len(p.effective) == 0)
	nearest := ""
	if len(p.matches) == 0 {
		nearest = nearestAction(service, name)
	}
	var of *ast.Term
	if known {
		of = knownAction(exact)
	}
	p.term = object(
		every.text("text", written), every.text("service", service), every.text("name", name),
		every.truth("wildcard", p.wildcard), every.truth("known", known),
		every.text("spelled", exact.Name), every.texts("matches", p.matches), every.texts("effective", p.effective),
		every.texts("cryptographic", p.cryptographic),
		every.texts("administrative", administrative),
		every.term("does", object(
			every.truth("use", p.use), every.truth("administration", p.administration), every.truth("grants", p.grants), every.truth("all", p.all),
		)),
		every.text("nearest", nearest), every.term("facts", of),
	)
	return p
}

func nearestAction(service, name string) string {
	if service != "" && !strings.EqualFold(service, "kms") {
		return ""
	}
	nearest, _ := facts.Nearest("kms:"+name, facts.ActionNames())
	return nearest
}

// actionsTerm writes the entries of Action or NotAction. Statements of many policies have the same ones, at the same places.
func (in *inputs) actionsTerm(st *policy.Statement, entries []policy.Text, key spec.Key, skip int) *ast.Term {
	if len(entries) == 0 {
		return list(nil)
	}
	made := make(keptKey, 0, 512).add("actions", key.Kind, key.Spec)
	for _, t := range entries {
		made = made.path(t.Path[skip:]).add(t.Value)
		if t.Parts != nil {
			made = made.add(t.Parts.ID(), t.Parts.First().Ref, string(t.Parts.First().Kind))
		}
	}
	return in.parts.get(string(made), func() *ast.Term {
		return terms(entries, func(t policy.Text) *ast.Term {
			if t.Parts != nil {
				return holeTerm(st.Node, t, len(st.Path), skip)
			}
			p := in.pattern(t.Value)
			action, _ := p.term.Value.(ast.Object)
			merged, _ := action.Merge(ast.NewObject(field("path", pathTerm(t.Path, skip)), field("usable", truth(p.isUsable(key)))))
			return ast.NewTerm(merged)
		})
	})
}

// takesTerm writes the actions that a statement takes in, each as a key: what a rule looks up.
func (in *inputs) takesTerm(st *policy.Statement) *ast.Term {
	key := make(keptKey, 0, 512).add("takes")
	for _, a := range st.Actions {
		key = key.add("Action", a.Value, a.Parts.ID())
	}
	for _, a := range st.NotActions {
		key = key.add("NotAction", a.Value, a.Parts.ID())
	}
	return in.parts.get(string(key), func() *ast.Term {
		takes := func(entries []policy.Text, action string) bool {
			return slices.ContainsFunc(entries, func(a policy.Text) bool { return a.Parts == nil && in.pattern(a.Value).takes(action) })
		}
		var members []member
		for _, a := range facts.Actions() {
			if takes(st.Actions, a.Name) || len(st.NotActions) > 0 && !takes(st.NotActions, a.Name) {
				members = append(members, field(a.Name, truth(true)))
			}
		}
		return object(members...)
	})
}

func knownAction(a facts.Action) *ast.Term {
	return object(
		every.texts("access_levels", a.AccessLevels), every.truth("cryptographic", a.Cryptographic),
		every.truth("grantable", a.GrantOperation),
		every.truth("effective", a.EffectiveInKeyPolicy), every.text("cross_account", a.CrossAccountUse),
		every.texts("key_kinds", a.KeyKinds),
		every.texts("key_specs", a.KeySpecs), every.texts("origins", a.Constraints.Origins),
		every.texts("key_types", a.Constraints.MultiRegionKeyTypes),
		every.truth("custom_key_store", a.Constraints.CustomKeyStore),
	)
}
