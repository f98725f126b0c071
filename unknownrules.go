package keypolicy

import (
	"fmt"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/rules"
)

// stageRules are the names under which the stages before the rules report. What they report keeps a file from being
// compiled, so they have no severity to set, and most of it cannot be suppressed: whoever did it would get neither a
// policy nor a word on why there is none.
var stageRules = []string{"syntax", "schema", "compile"}

// unknownRules reports rules that the configuration's severity or enforce names and that there are not: a rule that is misspelt
// there would be neither turned off nor on. Those of `ignore` are reported like every suppression, by a rule.
func unknownRules(c *Configuration, set *rules.Set) diag.List {
	var found diag.List
	report := func(n *source.Node) {
		if set.Has(n.Text) || len(set.Formerly(n.Text)) > 0 {
			return
		}
		d := diag.Diagnostic{
			Rule: "schema", Reason: "unknown-spec-field", Category: "hygiene", Severity: diag.Error, Place: n.Place,
			Message: fmt.Sprintf("there is no rule `%s`", n.Text), Help: "`keypolicy rules` lists them",
		}
		if slices.Contains(stageRules, n.Text) {
			d.Message = fmt.Sprintf("`%s` is not a rule: a file with this error is not compiled", n.Text)
			d.Help = "remove the entry, and fix what is reported"
		} else if name, ok := facts.Nearest(n.Text, set.Names()); ok {
			d.Help = fmt.Sprintf("did you mean `%s`?", name)
		}
		found = append(found, d)
	}
	for _, field := range []string{"severity", "enforce"} {
		if named := c.Root.Get(field); named != nil {
			for _, m := range named.Members {
				report(m.Key)
			}
		}
	}
	found.Sort()
	return found
}

// renamedRules reports rules that the configuration's severity or enforce names by an old name, which goes on to mean them, once for
// each name.
func renamedRules(c *Configuration, set *rules.Set) diag.List {
	var found diag.List
	seen := map[string]bool{}
	for _, field := range []string{"severity", "enforce"} {
		named := c.Root.Get(field)
		if named == nil {
			continue
		}
		for _, m := range named.Members {
			name := m.Key.Text
			former := set.Formerly(name)
			if set.Has(name) || len(former) == 0 || seen[name] {
				continue
			}
			seen[name] = true
			found = append(found, diag.Diagnostic{
				Rule: "suppression-unknown-rule", Reason: "renamed", Category: "hygiene", Severity: diag.Warning, Place: m.Key.Place,
				Message: fmt.Sprintf("the rule `%s` is called `%s` now", name, former[0]), Help: "write the new name: the old one still works",
			})
		}
	}
	return found
}

// IsStage reports whether a name is that of a stage before the rules, which has no Rego.
func IsStage(name string) bool { return slices.Contains(stageRules, name) }
