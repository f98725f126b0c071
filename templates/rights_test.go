package templates_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/templates"
)

// TestRightsOfParameters holds what the principals of each parameter may do. The file `rights` of an example names, for
// each parameter that names principals, one of them, and under it contexts of requests ("-" is none) with all actions
// that are allowed to it by the policy, a pattern of the policy where all are that it matches: what is not listed there is not
// allowed. UPDATE_RIGHTS=1 writes the actions.
func TestRightsOfParameters(t *testing.T) {
	for _, name := range templates.Names() {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(examples, name+".txtar")
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			at := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == "rights" })
			wanted := principalParameters(t, name)
			if at < 0 {
				if len(wanted) > 0 {
					t.Fatalf("the example has no rights of %v", wanted)
				}
				return
			}
			given := compiled(t, archive.Files[0].Data)
			written := string(archive.Files[at].Data)
			got, parameters := rights(t, given, exampleParameters(t, archive.Files[0].Data), written)
			if slices.Sort(parameters); !slices.Equal(parameters, wanted) {
				t.Errorf("rights of %v are listed, and the parameters that name principals are %v", parameters, wanted)
			}
			if got == written {
				return
			}
			if os.Getenv("UPDATE_RIGHTS") == "" {
				t.Errorf("the rights are\n%swant\n%s", got, written)
				return
			}
			archive.Files[at].Data = []byte(got)
			if err := os.WriteFile(path, txtar.Format(archive), 0o600); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// rights fills in the actions of a `rights` file, and names its parameters.
func rights(t *testing.T, p *spec.Compiled, values *source.Node, written string) (filled string, parameters []string) {
	t.Helper()
	simulator := access.NewSimulator(p.Document, access.EnvOf(p.Key.Key))
	var out strings.Builder
	principal, bare, some := "", false, false
	done := func() {
		if last := len(parameters) - 1; last >= 0 && !(bare && some) {
			t.Errorf("%s: below it, write `  -:`, which is a request without a context, and a context in which something is allowed", parameters[last])
		}
	}
	for line := range strings.Lines(written) {
		line = strings.TrimRight(line, "\n")
		if context, ok := strings.CutPrefix(line, "  "); ok {
			context, _, _ = strings.Cut(context, ": ")
			context = strings.TrimSuffix(context, ":")
			actions := byPatterns(allowed(t, p.Document, simulator, principal, context))
			bare, some = bare || context == "-", some || len(actions) > 0
			if !strings.Contains(principal, ".amazonaws.com") {
				if of, _ := allowed(t, p.Document, simulator, "role/who-is-not-named", context); len(of) > 0 {
					t.Errorf("%s is allowed to a role that nothing names too", of)
				}
			}
			out.WriteString(strings.TrimRight(fmt.Sprintf("  %s: %s", context, strings.Join(actions, " ")), " ") + "\n")
			continue
		}
		done()
		parameter, rest, _ := strings.Cut(line, " ")
		if principal = rest; !ofParameter(values, parameter, rest) {
			t.Errorf("%s: %s is not a value of it, or of another parameter too", parameter, rest)
		}
		bare, some = false, false
		parameters = append(parameters, parameter)
		out.WriteString(line + "\n")
	}
	done()
	return out.String(), parameters
}

// allowed are KMS's actions that a policy allows to a principal in a context of "KEY=VALUE KEY=VALUE", and the patterns of the
// statements that do.
func allowed(t *testing.T, doc *policy.Document, s *access.Simulator, principal, context string) (actions, patterns []string) {
	t.Helper()
	keys := map[string][]string{}
	for pair := range strings.FieldsSeq(strings.TrimPrefix(context, "-")) {
		key, value, _ := strings.Cut(pair, "=")
		keys[key] = append(keys[key], value)
	}
	requests := 0
	for _, action := range facts.Actions() {
		result, err := s.Simulate(access.Request{Principal: principal, Action: action.Name, Context: keys})
		var impossible *access.RequestError // such as a context that KMS never sends with the action
		switch {
		case errors.As(err, &impossible):
			continue
		case err != nil:
			t.Fatal(err)
		case result.Decision == access.Allowed:
			actions = append(actions, action.Name)
			for _, st := range result.Statements {
				for _, a := range doc.Statements[st.Index].Actions {
					if strings.Contains(a.Value, "*") && !slices.Contains(patterns, a.Value) {
						patterns = append(patterns, a.Value)
					}
				}
			}
		}
		requests++
	}
	if requests == 0 {
		t.Errorf("%s with %s is not a request of any action", principal, context)
	}
	return actions, patterns
}

// byPatterns writes what is allowed as the policy's patterns where all actions that a pattern matches are: so that an action which
// AWS adds, and which a pattern takes in, changes no example.
func byPatterns(allowed, patterns []string) []string {
	slices.Sort(patterns)
	var out []string
	for _, pattern := range patterns {
		matched := slices.DeleteFunc(facts.MatchActions(pattern), func(name string) bool {
			a, _ := facts.LookupAction(name)
			return !a.EffectiveInKeyPolicy
		})
		if len(matched) > 0 && !slices.ContainsFunc(matched, func(name string) bool { return !slices.Contains(allowed, name) }) {
			out = append(out, pattern)
			allowed = slices.DeleteFunc(slices.Clone(allowed), func(name string) bool { return glob.MatchFold(pattern, name) })
		}
	}
	return append(out, allowed...)
}

// ofParameter reports whether a principal is a value of one parameter and of no other.
func ofParameter(values *source.Node, parameter, principal string) bool {
	name := principal[strings.LastIndexByte(principal, '/')+1:]
	var owners []string
	for _, m := range values.Members {
		for _, value := range append([]*source.Node{m.Value}, m.Value.Items...) {
			if value.Kind == source.Scalar && (value.Text == name || strings.HasSuffix(value.Text, "/"+name) || principal == policy.AccountARN("aws", value.Text)) {
				owners = append(owners, m.Key.Text)
			}
		}
	}
	return slices.Equal(slices.Compact(owners), []string{parameter})
}

// same wants one policy of two values of a parameter of an example.
func same(t *testing.T, name, parameter, value, arn string) {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join(examples, name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	var policies [2]string
	for i, entry := range []string{value, arn} {
		var lines []string
		for line := range strings.Lines(string(archive.Files[0].Data)) {
			if before, _, ok := strings.Cut(line, parameter+": ["); ok && strings.TrimSpace(before) == "" {
				line = before + parameter + ": [\"" + entry + "\"]\n"
			}
			lines = append(lines, line)
		}
		p := compiled(t, []byte(strings.Join(lines, "")))
		if policies[i] = string(p.Document.JSON(false)); !strings.Contains(policies[i], arn) {
			t.Fatalf("%s does not give %s:\n%s", entry, arn, policies[i])
		}
	}
	if policies[0] != policies[1] {
		t.Errorf("%s and %s give different policies", value, arn)
	}
}

// compiled is the policy of an example's spec.
func compiled(t *testing.T, text []byte) *spec.Compiled {
	t.Helper()
	unit, found := compiler.Compile(compiler.Input{Name: "spec.keypolicy.yaml", Text: text, Spec: true}, compiler.Options{})
	for _, d := range found {
		t.Errorf("%s: %s (%s)", d.Rule, d.Message, d.Help)
	}
	if len(unit.Documents[0].Policies) != 1 {
		t.FailNow()
	}
	return unit.Documents[0].Policies[0]
}

// exampleParameters are the values that an example gives to its template.
func exampleParameters(t *testing.T, text []byte) *source.Node {
	t.Helper()
	file, found := source.Load("spec.keypolicy.yaml", text, source.DefaultLimits)
	if len(found) > 0 {
		t.Fatal(found)
	}
	root := file.Documents[0].Root
	if parameters := root.Get("parameters"); parameters != nil {
		return parameters
	}
	return root.Get("include").Items[0].Get("parameters")
}
