package keypolicy

import (
	"fmt"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/rules"
)

// stageRules are the names under which the stages before the rules report. What they tell keeps a file from being
// compiled, so they have no severity to set, and most of it cannot be suppressed: whoever did it would get neither a
// policy nor a word on why there is none.
var stageRules = []string{"syntax", "schema", "compile"}

// goRules are told by the program itself and have no Rego.
var goRules = []string{"expectation"}

// unknownRules tells of rules that the configuration's severity names and that there are not: a rule that is misspelt
// there would be neither turned off nor on. Those of `ignore` are told as of every suppression, by a rule.
func unknownRules(c *Configuration, set *rules.Set) diag.List {
	var found diag.List
	tell := func(n *source.Node) {
		if set.Has(n.Text) || slices.Contains(goRules, n.Text) {
			return
		}
		d := diag.Diagnostic{
			Rule: "schema", Reason: "unknown-spec-field", Category: "hygiene", Severity: diag.Error, Place: n.Place,
			Message: fmt.Sprintf("there is no rule `%s`", n.Text), Help: "`keypolicy rules` lists them",
		}
		if slices.Contains(stageRules, n.Text) {
			d.Message = fmt.Sprintf("`%s` is no rule: a file that it speaks of is not compiled", n.Text)
			d.Help = "take the entry out, and mend what is told"
		} else if name, ok := facts.Nearest(n.Text, append(set.Names(), goRules...)); ok {
			d.Help = fmt.Sprintf("did you mean `%s`?", name)
		}
		found = append(found, d)
	}
	if severity := c.Root.Get("severity"); severity != nil {
		for _, m := range severity.Members {
			tell(m.Key)
		}
	}
	found.Sort()
	return found
}

// IsStage says whether a name is that of a stage before the rules, or of what the program reports itself, which have no Rego.
func IsStage(name string) bool {
	return slices.Contains(stageRules, name) || slices.Contains(goRules, name)
}
