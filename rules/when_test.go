package rules

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// everything is the texts that there are: the rules' examples, the templates, seeds that parsers stumble over, and real
// policies where they are at hand.
func everything(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, pattern := range []string{"*/*.txtar", "../testdata/*/*.txtar"} {
		for _, name := range globFiles(t, pattern) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range archive.Files {
				if ext := filepath.Ext(f.Name); ext == ".yaml" || ext == ".json" || ext == ".yml" {
					texts[name+"/"+f.Name] = string(f.Data)
				}
			}
		}
	}
	files := globFiles(t, "../templates/*.yaml")
	if corpus := os.Getenv("KEYPOLICY_CORPUS"); corpus != "" {
		policies := globFiles(t, filepath.Join(corpus, "policies", "*"))
		step := 12 // a full round takes a minute
		if os.Getenv("KEYPOLICY_ROUNDS") != "" {
			step = 1
		}
		for i := 0; i < len(policies); i += step {
			files = append(files, policies[i])
		}
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(text)
	}
	for _, text := range []string{
		`{"Version": "2012-10-17", "Statement": {"Sid": "a", "Effect": "Allow", "Principal": {"AWS": [` + strings.Repeat(`"arn:aws:iam::111122223333:role/a", `, 100) +
			`"arn:aws:iam::444455556666:role/b"]}, "Action": "kms:*", "Resource": "*"}}`,
		"{}", `{"Statement": 5}`, `{"Statement": []}`, `{"Version": "2012-10-17", "Statement": [{}, [], null]}`,
		"key_users: 5\n", "key_users: [[a]]\nkey_admins: []\n", "account: 12\nkey_users: ~\n", "key_users: [\"*\", root, \"123456789012\"]\nkey_admins: [root]\n",
		`{"Statement": {"Effect": "Allow", "Principal": {"AWS": ["a", "a", 1], "CanonicalUser": "x", "Federated": "y"}, "Action": ["*:*", "kms:", "KMS:*", "*"], "NotAction": "kms:*", "Resource": ""}}`,
		`{"Statement": {"Effect": "allow", "NotPrincipal": "*", "NotAction": "s3:*", "NotResource": "*", "Condition": {}}}`,
	} {
		texts["seed "+text] = text
	}
	return texts
}

func globFiles(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// eachTarget compiles every text: as a spec, and with a configuration that says which key it is for.
func eachTarget(t *testing.T, do func(name string, target Target)) int {
	t.Helper()
	texts, count := everything(t), 0
	for name, text := range texts {
		for i, options := range []compiler.Options{{}, {Configuration: compiler.Defaults{Account: "111122223333", Region: "eu-south-1"}}} {
			if i > 0 && strings.HasPrefix(name, "..") && os.Getenv("KEYPOLICY_ROUNDS") == "" {
				continue
			}
			unit, _ := compiler.Compile(compiler.Input{Name: name, Text: []byte(text), Spec: !strings.HasSuffix(name, ".json")}, options)
			for _, d := range unit.Documents {
				target := Target{Spec: d.Spec, Policies: d.Policies}
				if d.Sample != nil {
					target = Target{Spec: d.Sample.Spec, Policies: d.Sample.Policies, Template: true}
				}
				if target.Spec != nil || len(target.Policies) > 0 {
					count++
					do(name, target)
				}
			}
		}
	}
	if count < 700 {
		t.Errorf("only %d targets were looked at", count)
	}
	return count
}

// Each trigger is defined twice: by Go, which finds it, and by Rego, which says what it is.
func TestTriggersAreWhatTheirDefinitionsSay(t *testing.T) {
	set, err := Load(context.Background(), Options{Today: "2026-01-31", Trust: &Trust{Accounts: []string{"444455556666"}}})
	if err != nil {
		t.Fatal(err)
	}
	definitions := triggerProgram(t)
	fired := map[string]int{}
	check := func(name string, has found, input *ast.Term) {
		got := has.triggers
		for _, name := range accessTriggers.names() {
			got |= setIf(name, has.access != nil && has.access(name))
		}
		want := definedTriggers(t, definitions, input)
		if names := got.names(); !slices.Equal(names, want) {
			t.Errorf("%s: Go finds\n%v\nand the definitions\n%v", name, names, want)
		}
		for _, n := range want {
			fired[n]++
		}
	}
	asked := &plan{parts: map[Part]bool{}}
	for _, part := range allParts {
		asked.parts[part] = true
	}
	eachTarget(t, func(name string, target Target) {
		in := set.input
		if target.Spec != nil && target.Spec.Root != nil {
			check(name+" (spec)", found{triggers: in.specTriggers(target.Spec)}, in.spec(target.Spec, target.Policies, every, target.Template))
		}
		for _, p := range target.Policies {
			m := in.meaning(p)
			if filled := fill(p); filled != nil { // which is what most rules are asked with
				has, _ := in.policyTriggers(p, m)
				defined := definedTriggers(t, definitions, in.policy(p, m, asked, target.Template))
				if slices.Contains(has.names(), "holes") != slices.Contains(defined, "holes") {
					t.Errorf("%s: of holes, Go finds\n%v\nand the definitions\n%v", name, has.names(), defined)
				}
				fired["holes"]++
				p = filled[0].policy
			}
			has, statements := in.policyTriggers(p, m)
			check(name, found{has, m.saysOfPolicy}, in.policy(p, m, asked, target.Template))
			for i := range statements {
				input := in.statement(p, &p.Document.Statements[i], m, asked, target.Template)
				check(name+" (statement)", found{statements[i], func(name string) bool { return m.saysOfStatement(name, i) }}, input)
			}
		}
	})
	for _, files := range [][]FileSummary{{}, {{Kind: "spec", Key: Named{Text: "alias/a"}}, {Kind: "spec", Key: Named{Text: "alias/a"}}}} {
		groups := groupFiles(files, true)
		check("files", found{triggers: setIf("related_files", len(groups) > 0) | setIf("trust", set.input.given)}, set.input.files(files, groups, true, every))
	}
	for _, name := range triggerNames {
		if fired[name] == 0 {
			t.Errorf("%s never fires here: nothing holds it against its definition", name)
		}
	}
}

func triggerProgram(t *testing.T) *program {
	t.Helper()
	_, libraries := builtin(t)
	modules := map[string]*ast.Module{"ask.rego": ast.MustParseModule("package ask\n\nfound := data.keypolicy.lib.triggers.found\n")}
	if err := addLibraries(modules, libraries); err != nil {
		t.Fatal(err)
	}
	c := ast.NewCompiler().WithCapabilities(capabilities()).WithStrict(true)
	if c.Compile(modules); c.Failed() {
		t.Fatal(c.Errors)
	}
	return &program{compiler: c, store: inmem.New()}
}

// definedTriggers are the triggers of an input by their definitions, in the table's order.
func definedTriggers(t *testing.T, p *program, input *ast.Term) []string {
	t.Helper()
	result, _, err := p.run(context.Background(), ast.MustParseBody("found = data.keypolicy.lib.triggers.found"), input, "")
	if err != nil {
		t.Fatal(err)
	}
	var has triggerSet
	set, _ := result["found"].Value.(ast.Set)
	for _, name := range set.Slice() {
		s, _ := name.Value.(ast.String)
		one, err := readTrigger(string(s))
		if err != nil {
			t.Fatal(err)
		}
		has |= one
	}
	return has.names()
}

// What a rule waits for leaves no finding out: every rule that there is gives the same when it is asked about everything.
func TestTriggersLoseNoFinding(t *testing.T) {
	severity := map[string]string{}
	all, _ := builtin(t)
	for _, r := range all {
		severity[r.Name] = r.Severity.String()
	}
	options := Options{Today: "2026-01-31", Trust: &Trust{Accounts: []string{"444455556666"}}, Severity: severity}
	waiting, err := Load(context.Background(), options)
	if err != nil {
		t.Fatal(err)
	}
	options.AskAll = true
	asking, err := Load(context.Background(), options)
	if err != nil {
		t.Fatal(err)
	}
	judge := func(name string, set *Set, target Target) diag.List {
		list, err := set.Evaluate(context.Background(), target)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return list
	}
	found := map[string]int{}
	targets := eachTarget(t, func(name string, target Target) {
		got, want := judge(name, waiting, target), judge(name, asking, target)
		for _, d := range want {
			found[d.Rule]++
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: with triggers\n%v\nand without\n%v", name, got, want)
		}
	})
	t.Logf("%d targets, findings of %d rules", targets, len(found))
	for _, r := range all {
		if found[r.Name] == 0 && !r.appliesTo(Files) && !r.appliesTo(Suppressions) {
			t.Errorf("%s finds nothing here: nothing holds what it waits for", r.Name)
		}
	}
}
