package rules_test

import (
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/compiler/symbol"
	"github.com/keypolicy/keypolicy/rules"
)

const holeText = `{"Version": "2012-10-17", "Statement": [
  {"Sid": "Root", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
  {"Sid": "Use", "Effect": "Allow", "Principal": {"AWS": ["X", "arn:aws:iam::111122223333:role/a"]}, "Action": "kms:Decrypt", "Resource": "*"}
]}`

// withHole is the policy with a variable in one place.
func withHole(t *testing.T, text string, path ...any) *spec.Compiled {
	t.Helper()
	p := onePolicy("a.json", text)
	if p == nil {
		t.Fatalf("no policy: %s", text)
	}
	return replaced(p, path, func(n *source.Node) {
		*n = *source.NewText(n.Place, symbol.Part{Hole: &symbol.Hole{Kind: symbol.Variable, Ref: "var.user", Place: n.Place}})
	})
}

func judgePolicy(t *testing.T, set *rules.Set, p *spec.Compiled) diag.List {
	t.Helper()
	found, err := set.Evaluate(t.Context(), rules.Target{Policies: []*spec.Compiled{p}})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestRulesAreAskedWithFillings: what a rule that knows nothing of holes finds is where it finds it whatever is filled in, its
// words are the user's, and nothing is reported at a hole.
func TestRulesAreAskedWithFillings(t *testing.T) {
	hole := withHole(t, holeText, "Statement", 1, "Principal", "AWS", 0)
	for name, c := range map[string]struct{ body, want string }{
		"it holds for all": {
			`findings contains lib.at(["Action"], sprintf("%s may decrypt", [input.statement.principals[0].text])) if input.statement.sid.text == "Use"`,
			"${var.user} may decrypt",
		},
		"a part of the text": {
			`findings contains lib.at(["Action"], sprintf("the name %s", [input.statement.principals[0].name])) if { input.statement.sid.text == "Use"; input.statement.principals[0].account == "111122223333" }`,
			"",
		},
		"it holds only for a role": {
			`findings contains lib.at(["Action"], "m") if { input.statement.sid.text == "Use"; input.statement.principals[0].kind == "role" }`,
			"",
		},
		"it is at the hole":     {`findings contains lib.at(["Principal", "AWS", 0], "m") if input.statement.sid.text == "Use"`, ""},
		"it is beside the hole": {`findings contains lib.at(["Principal", "AWS", 1], "beside") if input.statement.sid.text == "Use"`, "beside"},
	} {
		var messages []string
		for _, d := range only(judgePolicy(t, withRule(t, c.body+"\n"), hole), "mine") {
			messages = append(messages, d.Message)
		}
		if got := strings.Join(messages, "; "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestServicesKnownInPart: a service of which only the Region or the suffix is not known is evaluated as one that is written in full. Of
// one that is not known, it is open what its page asks for.
func TestServicesKnownInPart(t *testing.T) {
	set := load(t, rules.Options{})
	part := func(text string) symbol.Part {
		if ref, isRef := strings.CutPrefix(text, "$"); isRef {
			return symbol.Part{Hole: &symbol.Hole{Kind: symbol.Variable, Ref: ref}}
		}
		return symbol.Part{Literal: text}
	}
	const limited = `, "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}`
	const denied = `, {"Sid": "Deny", "Effect": "Deny", "Principal": {"Service": "logs.eu-west-1.amazonaws.com"}, "Action": "kms:*", "Resource": "*"}`
	for name, c := range map[string]struct {
		service                 []string
		condition, more, action string
		want                    string
	}{
		"a Region":             {[]string{"logs.", "$var.region", ".amazonaws.com"}, "", "", "kms:Encrypt", "service-action-set warning logs.${var.region}.amazonaws.com; service-principal-unrestricted warning logs.${var.region}.amazonaws.com"},
		"a suffix":             {[]string{"cloudtrail.", "$var.suffix"}, "", "", "kms:Encrypt", "service-action-set warning cloudtrail.${var.suffix}; service-principal-unrestricted warning cloudtrail.${var.suffix}"},
		"a Region, limited":    {[]string{"logs.", "$var.region", ".amazonaws.com"}, limited, "", "kms:Encrypt", "service-action-set warning logs.${var.region}.amazonaws.com"},
		"a Region, one denied": {[]string{"logs.", "$var.region", ".amazonaws.com"}, "", denied, "kms:Encrypt", "undecided info logs.${var.region}.amazonaws.com; service-action-set warning logs.${var.region}.amazonaws.com"},
		"a name":               {[]string{"$var.name", ".amazonaws.com"}, "", "", "kms:Encrypt", "undecided info ${var.name}.amazonaws.com"},
		"a service":            {[]string{"$var.service"}, "", "", "kms:Encrypt", "undecided info ${var.service}"},
		"a service, limited":   {[]string{"$var.service"}, limited, "", "kms:Encrypt", ""},
		"administration":       {[]string{"$var.service"}, "", "", "kms:*", "undecided info ${var.service}; service-gets-admin error ${var.service}"},
	} {
		text := `{"Version": "2012-10-17", "Statement": [{"Sid": "Root", "Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"},
			{"Sid": "Use", "Effect": "Allow", "Principal": {"Service": "X"}, "Action": "` + c.action + `", "Resource": "*"` + c.condition + `}` + c.more + `]}`
		var parts []symbol.Part
		for _, text := range c.service {
			parts = append(parts, part(text))
		}
		p := replaced(onePolicy("a.json", text), diag.Path{"Statement", 1, "Principal", "Service"}, func(n *source.Node) {
			*n = *source.NewText(n.Place, parts...)
		})
		written, _, _ := symbol.NewText(parts...)
		var got []string
		for _, d := range judgePolicy(t, set, p) {
			if d.Severity > diag.Info || d.Rule == "undecided" {
				if !strings.Contains(d.Message, written.String()) {
					t.Errorf("%s: the message does not name the service: %s", name, d.Message)
				}
				got = append(got, d.Rule+" "+d.Severity.String()+" "+written.String())
			}
		}
		if got := strings.Join(got, "; "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestTheOnlyEditorIsReportedAtItsReference: where all that a reference can be is one user or role, it is the one that can change the
// policy, whichever it is. Where it may be the account, or a role of another one, who can is not known.
func TestTheOnlyEditorIsReportedAtItsReference(t *testing.T) {
	set := load(t, rules.Options{})
	const text = `{"Version": "2012-10-17", "Statement": [{"Sid": "Admin", "Effect": "Allow", "Principal": {"AWS": "X"}, "Action": "kms:*", "Resource": "*"}]}`
	hole := func(kind symbol.Kind, shape symbol.Shape) symbol.Part {
		return symbol.Part{Hole: &symbol.Hole{Kind: kind, Ref: "the.admin", Shape: shape}}
	}
	literal := func(text string) symbol.Part { return symbol.Part{Literal: text} }
	for name, c := range map[string]struct {
		parts []symbol.Part
		want  string
	}{
		"a role of the own account":  {[]symbol.Part{hole(symbol.Attribute, symbol.OwnRole)}, "${the.admin}"},
		"a user of the own account":  {[]symbol.Part{hole(symbol.Attribute, symbol.OwnUser)}, "${the.admin}"},
		"the name of a role":         {[]symbol.Part{literal("arn:aws:iam::111122223333:role/"), hole(symbol.Variable, "")}, "arn:aws:iam::111122223333:role/${the.admin}"},
		"a role of some account":     {[]symbol.Part{hole(symbol.Attribute, symbol.AnyRole)}, ""},
		"a variable":                 {[]symbol.Part{hole(symbol.Variable, "")}, ""},
		"the root of some account":   {[]symbol.Part{literal("arn:aws:iam::"), hole(symbol.Variable, ""), literal(":root")}, ""},
		"what is in the own account": {[]symbol.Part{literal("arn:aws:iam::111122223333:"), hole(symbol.Variable, "")}, ""},
	} {
		p := replaced(onePolicy("a.json", text), diag.Path{"Statement", 0, "Principal", "AWS"}, func(n *source.Node) { *n = *source.NewText(n.Place, c.parts...) })
		found := judgePolicy(t, set, p)
		var got string
		for _, d := range only(found, "single-editor") {
			got += strings.Split(d.Message, "`")[1]
			if d.Severity != diag.Warning || d.Place.Path != "/Statement/0/Principal/AWS" {
				t.Errorf("%s: %+v", name, d)
			}
		}
		if got != c.want {
			t.Errorf("%s: the only editor is %q, want %q", name, got, c.want)
		}
		for _, d := range found {
			if d.Severity == diag.Error && d.Category == rules.Lockout {
				t.Errorf("%s: a lockout: %s", name, d.Message)
			}
		}
	}
}

// TestUndecidedNamesTheReference: what is not known is an info that names what would settle it, and no error.
func TestUndecidedNamesTheReference(t *testing.T) {
	set := load(t, rules.Options{})
	for name, p := range map[string]*spec.Compiled{
		"the only editor":   withHole(t, holeText, "Statement", 0, "Principal", "AWS"),
		"all statements":    withHole(t, holeText, "Statement"),
		"a whole statement": withHole(t, holeText, "Statement", 0),
		"the whole policy":  withHole(t, holeText),
		"a whole principal": withHole(t, holeText, "Statement", 0, "Principal"),
	} {
		found := judgePolicy(t, set, p)
		undecided := only(found, "undecided")
		if len(undecided) != 1 || undecided[0].Severity != diag.Info || !strings.Contains(undecided[0].Message, "var.user") {
			t.Errorf("%s: %+v", name, undecided)
		}
		for _, d := range found {
			if d.Severity == diag.Error && name != "a whole statement" && name != "the only editor" && name != "a whole principal" {
				t.Errorf("%s: %s: %s", name, d.Rule, d.Message)
			}
			if d.Category == rules.Lockout && d.Severity == diag.Error {
				t.Errorf("%s: a lockout: %s", name, d.Message)
			}
		}
	}
}

// TestRulesSeeHoles: a rule that says so is asked once, about what is not known as it is.
func TestRulesSeeHoles(t *testing.T) {
	aware := func(body string) *rules.Set {
		text := strings.Replace(ruleOf(body+"\n"), "#   subject:", "#   holes: true\n#   subject:", 1)
		return load(t, rules.Options{User: []rules.Folder{folder(map[string]string{"mine.rego": text})}})
	}
	const said = `sprintf("%s %s %s", [x.kind, x.ref, lib.shown(x)])`
	variable := &symbol.Hole{Kind: symbol.Variable, Ref: "var.user"}
	inText := func(n *source.Node) {
		made := source.NewText(n.Place, symbol.Part{Literal: "kms:"}, symbol.Part{Hole: variable})
		n.Text, n.Parts = made.Text, made.Parts
	}
	whole := func(n *source.Node) { *n = *source.NewText(n.Place, symbol.Part{Hole: variable}) }
	more := func(n *source.Node) { *n = *source.NewOpen(n, variable) }
	conditions := strings.Replace(holeText, `"Action": "kms:Decrypt"`, `"Action": "kms:Decrypt", "Condition": {"StringEquals": {"aws:PrincipalTag/a": "b"}}`, 1)
	for name, c := range map[string]struct {
		text   string
		path   diag.Path
		change func(*source.Node)
		body   string
		want   string
	}{
		"a principal": {
			holeText,
			diag.Path{"Statement", 1, "Principal", "AWS", 0},
			whole,
			`findings contains lib.at(x.path, ` + said + `) if { some x in input.statement.principals; lib.is_hole(x) }`, "variable var.user ${var.user}",
		},
		"more principals": {
			holeText,
			diag.Path{"Statement", 1, "Principal", "AWS"},
			more,
			`findings contains lib.at(x.path, ` + said + `) if { some x in input.statement.principals; x.open; lib.may_have_more(input.statement.principals) }`, "variable var.user ${var.user}",
		},
		"a part of an action": {
			holeText,
			diag.Path{"Statement", 1, "Action"},
			inText,
			`findings contains lib.at(x.path, ` + said + `) if { some x in input.statement.actions; lib.is_hole(x); not x.text }`, "variable var.user kms:${var.user}",
		},
		"an effect": {
			holeText,
			diag.Path{"Statement", 1, "Effect"},
			whole,
			`findings contains lib.at(x.path, ` + said + `) if { x := input.statement.effect; lib.is_hole(x) }`, "variable var.user ${var.user}",
		},
		"a whole condition": {
			conditions,
			diag.Path{"Statement", 1, "Condition"},
			whole,
			`findings contains lib.at(x.path, ` + said + `) if { some x in input.statement.conditions; x.open }`, "variable var.user ${var.user}",
		},
		"a value": {
			conditions,
			diag.Path{"Statement", 1, "Condition", "StringEquals", "aws:PrincipalTag/a"},
			whole,
			`findings contains lib.at(x.path, ` + said + `) if { some c in input.statement.conditions; some x in c.values; lib.is_hole(x) }`, "variable var.user ${var.user}",
		},
		"what is known": {
			holeText,
			diag.Path{"Statement", 1, "Effect"},
			whole,
			`findings contains lib.at(x.path, x.text) if { some x in lib.known_of(input.statement.actions); input.statement.sid.text == "Use" }`, "kms:Decrypt",
		},
	} {
		p := onePolicy("a.json", c.text)
		var messages []string
		for _, d := range only(judgePolicy(t, aware(c.body), replaced(p, c.path, c.change)), "mine") {
			messages = append(messages, d.Message)
		}
		if got := strings.Join(messages, "; "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestUndecidedNamesAllReferences: each value that would decide is named, once, whatever asks for it.
func TestUndecidedNamesAllReferences(t *testing.T) {
	p := onePolicy("a.json", strings.ReplaceAll(holeText, "role/a", "root"))
	for i, ref := range []string{"var.first", "var.second"} {
		path := diag.Path{"Statement", i, "Principal", "AWS"}
		p = replaced(p, path, func(n *source.Node) {
			*n = *source.NewText(n.Place, symbol.Part{Hole: &symbol.Hole{Kind: symbol.Variable, Ref: ref, Place: n.Place}})
		})
	}
	p = replaced(p, diag.Path{"Statement", 1, "Action"}, func(n *source.Node) { n.Text = "kms:*" })
	found := only(judgePolicy(t, load(t, rules.Options{}), p), "undecided")
	if len(found) != 1 || !strings.Contains(found[0].Message, "${var.first}") || !strings.Contains(found[0].Message, "${var.second}") {
		t.Errorf("%+v", found)
	}
}
