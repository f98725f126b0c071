package rules_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/keypolicy/keypolicy/rules"
)

const header = `# METADATA
# title: A rule
# description: Why.
# custom:
#   severity: warning
#   subject: statement
#   remedy: What to do.
`

// ruleOf writes a user's rule about statements.
func ruleOf(body string) string {
	return header + "package keypolicy.rules.privilege[\"mine\"]\n\nimport data.keypolicy.lib\n\n" + body
}

func folder(files map[string]string) rules.Folder {
	f := rules.Folder{Name: "policy-rules", Files: map[string][]byte{}}
	for name, text := range files {
		f.Files[name] = []byte(text)
	}
	return f
}

func TestUserRulesThatDoNotLoad(t *testing.T) {
	silent := `findings contains lib.at([], "x") if input.statement.index < 0` + "\n"
	for name, c := range map[string]struct{ file, text, want string }{
		"syntax":                {"mine.rego", ruleOf("findings contains {{ if true\n"), "policy-rules/mine.rego:12:"},
		"misspelt field":        {"mine.rego", ruleOf("findings contains lib.at([], \"x\") if input.statement.principal\n"), "policy-rules/mine.rego:12:38: undefined ref: input.statement.principal"},
		"field of another":      {"mine.rego", ruleOf("findings contains lib.at([], \"x\") if input.spec.forms\n"), "undefined ref: input.spec.forms"},
		"type":                  {"mine.rego", ruleOf("findings contains lib.at([], \"x\") if startswith(input.statement.index, \"a\")\n"), "policy-rules/mine.rego:12:"},
		"unknown helper":        {"mine.rego", ruleOf("findings contains lib.nowhere([], \"x\") if true\n"), "policy-rules/mine.rego:12:"},
		"unused import":         {"mine.rego", header + "package keypolicy.rules.privilege[\"mine\"]\n\nimport data.keypolicy.lib\n\nfindings contains {\"path\": [], \"message\": \"x\"} if true\n", "policy-rules/mine.rego:10:"},
		"network":               {"mine.rego", ruleOf("findings contains lib.at([], \"x\") if http.send({\"method\": \"get\", \"url\": \"https://example.com\"})\n"), "undefined function http.send"},
		"clock":                 {"mine.rego", ruleOf("findings contains lib.at([], \"x\") if time.now_ns() > 0\n"), "undefined function time.now_ns"},
		"environment":           {"mine.rego", ruleOf("findings contains lib.at([], \"x\") if opa.runtime().env\n"), "undefined function opa.runtime"},
		"chance":                {"mine.rego", ruleOf("findings contains lib.at([], \"x\") if rand.intn(\"a\", 2) > 0\n"), "undefined function rand.intn"},
		"names":                 {"mine.rego", ruleOf("findings contains lib.at([], \"x\") if net.lookup_ip_addr(\"example.com\")\n"), "undefined function net.lookup_ip_addr"},
		"ids":                   {"mine.rego", ruleOf("findings contains lib.at([], uuid.rfc4122(\"a\")) if true\n"), "undefined function uuid.rfc4122"},
		"no METADATA":           {"mine.rego", "package keypolicy.rules.privilege[\"mine\"]\n\n" + silent, "policy-rules/mine.rego:1:1: the rule has no METADATA"},
		"no title":              {"mine.rego", strings.Replace(ruleOf(silent), "# title: A rule\n", "", 1), "METADATA has no title"},
		"severity":              {"mine.rego", strings.Replace(ruleOf(silent), "warning", "fatal", 1), `policy-rules/mine.rego:1:1: custom.severity is "fatal"`},
		"no severity":           {"mine.rego", strings.Replace(ruleOf(silent), "#   severity: warning\n", "", 1), "METADATA has no custom.severity"},
		"subject":               {"mine.rego", strings.Replace(ruleOf(silent), "subject: statement", "subject: document", 1), `custom.subject is "document"`},
		"no subject":            {"mine.rego", strings.Replace(ruleOf(silent), "#   subject: statement\n", "", 1), "METADATA has no custom.subject"},
		"needs":                 {"mine.rego", strings.Replace(ruleOf(silent), "#   remedy", "#   needs: [network]\n#   remedy", 1), `custom.needs has "network"`},
		"package":               {"mine.rego", header + "package company.rules\n\nfindings contains {\"path\": [], \"message\": \"x\"} if true\n", `policy-rules/mine.rego:8:1: "package company.rules" is not package keypolicy.rules.CATEGORY["NAME"]`},
		"file's name":           {"yours.rego", ruleOf(silent), "policy-rules/yours.rego:8:1: the rule is named mine, so its file is mine.rego"},
		"name of a built-in":    {"wildcard-principal.rego", strings.ReplaceAll(ruleOf(silent), `"mine"`, `"wildcard-principal"`), "there is a rule named wildcard-principal already"},
		"no findings":           {"mine.rego", header + "package keypolicy.rules.privilege[\"mine\"]\n\ndeny if input.statement.index == 0\n", "the rule has no findings"},
		"findings is not a set": {"mine.rego", header + "package keypolicy.rules.privilege[\"mine\"]\n\nfindings := []\n", "policy-rules/mine.rego:10:1: findings is a set"},
		"empty file":            {"mine.rego", "", "policy-rules/mine.rego:1:1: the file is empty"},
		"folder without a rule": {"README.md", "none", "policy-rules: there is no rule in this folder"},
		"when":                  {"mine.rego", strings.Replace(ruleOf(silent), "#   remedy", "#   when: [services, condition]\n#   remedy", 1), `custom.when has "condition": did you mean conditions?`},
		"access":                {"mine.rego", strings.Replace(ruleOf(silent), "#   remedy", "#   access: [editors]\n#   remedy", 1), `custom.access has "editors": write all, or some of lockout, external`},
		"a need that is none":   {"mine.rego", needing("access.editors", ruleOf(silent)), `custom.needs has "access.editors"`},
		"a part of access that is none": {
			"mine.rego", needing("access", ruleOf("findings contains lib.at([], \"m\") if input.statement.access.state == \"live\"\n")), "input.statement.access.state",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := rules.Load(context.Background(), rules.Options{User: []rules.Folder{folder(map[string]string{c.file: c.text})}})
			if err == nil {
				t.Fatal("the rule loads")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is\n%v\nand says nothing of\n%s", err, c.want)
			}
		})
	}
}

func TestTwoUserRulesOfOneName(t *testing.T) {
	text := ruleOf("findings contains lib.at([], \"x\") if input.statement.index < 0\n")
	_, err := rules.Load(context.Background(), rules.Options{User: []rules.Folder{folder(map[string]string{"a/mine.rego": text, "b/mine.rego": text})}})
	if err == nil || !strings.Contains(err.Error(), "policy-rules/b/mine.rego:8:1: there is a rule named mine already: policy-rules/a/mine.rego") {
		t.Errorf("got %v", err)
	}
}

func TestNoRuleIsAnError(t *testing.T) {
	_, err := rules.LoadFiles(context.Background(), fstest.MapFS{}, rules.Options{})
	if err == nil || !strings.Contains(err.Error(), "no rule was loaded") {
		t.Errorf("got %v", err)
	}
}

func TestUnknownSeverityIsAnError(t *testing.T) {
	_, err := rules.Load(context.Background(), rules.Options{Severity: map[string]string{"wildcard-principal": "fatal"}})
	if err == nil || !strings.Contains(err.Error(), `"fatal" is none of`) {
		t.Errorf("got %v", err)
	}
}

func TestUserRulesShareALibrary(t *testing.T) {
	set, err := rules.Load(context.Background(), rules.Options{User: []rules.Folder{folder(map[string]string{
		"lib/company.rego": "package keypolicy.lib.company\n\nteam := \"payments\"\n",
		"mine.rego": header + "package keypolicy.rules.privilege[\"mine\"]\n\nimport data.keypolicy.lib.company\n\n" +
			"findings contains {\"path\": [\"Sid\"], \"message\": company.team} if input.statement.index == 0\n",
		"mine.txtar":     "examples",
		"mine_test.rego": "not Rego",
	})}})
	if err != nil {
		t.Fatal(err)
	}
	found := judge(t, set, "a.json", policyText)
	if got := only(found, "mine"); len(got) != 1 || got[0].Message != "payments" || got[0].Help != "what to do" {
		t.Errorf("found %+v", got)
	}
	if string(set.ExampleText("mine")) != "examples" {
		t.Errorf("the examples are %q", set.ExampleText("mine"))
	}
	if md, ok, err := set.Metadata("mine"); err != nil || !ok || !md.User || md.File != "policy-rules/mine.rego" {
		t.Errorf("METADATA is %+v, %v, %v", md, ok, err)
	}
}
