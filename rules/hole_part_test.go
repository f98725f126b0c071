package rules_test

import (
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// TestARuleFindsWhatIsWrittenOfAText: what a user's rule finds, whatever is filled in, at a text of which a part is written is reported:
// as it is where only the key's own account, partition or Region is not known, and else as undecided, as the rule may have a list with
// what no filling has. Nobody has written a text of which nothing is known, so nothing is reported there.
func TestARuleFindsWhatIsWrittenOfAText(t *testing.T) {
	own := symbol.Part{Hole: &symbol.Hole{Kind: symbol.Own, Ref: "data.aws_caller_identity.current.account_id", Shape: symbol.OwnAccount}}
	variable := symbol.Part{Hole: &symbol.Hole{Kind: symbol.Variable, Ref: "var.partner"}}
	literal := func(text string) symbol.Part { return symbol.Part{Literal: text} }
	const forbidden = `findings contains lib.at(p.path, sprintf("%s is forbidden", [p.name])) if { some p in input.statement.principals; p.name == "admin" }`
	const unlisted = `findings contains lib.at(p.path, "not listed") if { some p in input.statement.principals; p.kind == "role"; not p.account in {"555566667777"} }`
	for name, c := range map[string]struct {
		rule  string
		parts []symbol.Part
		want  string
	}{
		"its name":           {forbidden, []symbol.Part{literal("arn:aws:iam::"), own, literal(":role/admin")}, "warning : admin is forbidden"},
		"another name":       {forbidden, []symbol.Part{literal("arn:aws:iam::"), own, literal(":role/app")}, ""},
		"in another account": {forbidden, []symbol.Part{literal("arn:aws:iam::"), variable, literal(":role/admin")}, "info undecided: admin is forbidden; not known yet, as it may depend on `${var.partner}`"},
		"of a list":          {unlisted, []symbol.Part{literal("arn:aws:iam::"), variable, literal(":role/admin")}, "info undecided: not listed; not known yet, as it may depend on `${var.partner}`"},
		"part of a name":     {forbidden, []symbol.Part{literal("arn:aws:iam::"), own, literal(":role/ad"), variable}, ""},
		"nothing written":    {unlisted, []symbol.Part{variable}, ""},
	} {
		p := replaced(onePolicy("a.json", holeText), diag.Path{"Statement", 1, "Principal", "AWS", 0}, func(n *source.Node) {
			*n = *source.NewText(n.Place, c.parts...)
		})
		got := ""
		for _, d := range only(judgePolicy(t, withRule(t, c.rule+"\n"), p), "mine") {
			if text := d.Severity.String() + " " + d.Reason + ": " + d.Message; text != "warning : not listed" { // of role/a beside it
				got += text
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
