package templates_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/templates"
)

var reference = regexp.MustCompile(`\$\(([^)]*)\)`)

func TestNames(t *testing.T) {
	names := templates.Names()
	if len(names) == 0 || !slices.IsSorted(names) {
		t.Errorf("Names() = %v, want sorted names", names)
	}
	for _, name := range []string{"", "no-such-template", "s3.yaml", "../README"} {
		if _, ok := templates.Read(name); ok {
			t.Errorf("Read(%q) found a template", name)
		}
	}
}

func TestTemplatesAreWellFormed(t *testing.T) {
	for _, name := range templates.Names() {
		t.Run(name, func(t *testing.T) {
			root := load(t, name)
			if got := text(root.Get("template")); got != name {
				t.Errorf("template: %q, want the file's name %q", got, name)
			}
			if text(root.Get("description")) == "" {
				t.Error("no description")
			}
			if root.Get("policy") != nil {
				t.Error("policy: a built-in template has a body of form 1, so that it can be included")
			}
			checkComment(t, name)
			checkParameters(t, root)
		})
	}
}

// checkComment wants a first comment that says when to use the template, when not, and where AWS says so.
func checkComment(t *testing.T, name string) {
	t.Helper()
	body, _ := templates.Read(name)
	comment, _, _ := strings.Cut(string(body), "template:")
	for _, want := range []string{"# For ", "https://docs.aws.amazon.com/"} {
		if !strings.Contains(comment, want) {
			t.Errorf("the comment at the top has no %q", want)
		}
	}
	if !strings.HasPrefix(comment, "# For ") || !regexp.MustCompile(`(?m)^# .*\b[Nn]ot\b`).MatchString(comment) {
		t.Error("the comment at the top does not say when to use the template and when not")
	}
}

// checkParameters wants every parameter explained and used, and every reference declared.
func checkParameters(t *testing.T, root *source.Node) {
	t.Helper()
	known := map[string]bool{"account": true, "partition": true, "region": true, "key": true}
	used := map[string]bool{}
	for _, m := range root.Members {
		if m.Key.Text != "parameters" {
			references(m.Value, used)
		}
	}
	if parameters := root.Get("parameters"); parameters != nil {
		for _, m := range parameters.Members {
			if known[m.Key.Text] {
				t.Errorf("parameter %q is built in", m.Key.Text)
			}
			known[m.Key.Text] = true
			if !used[m.Key.Text] {
				t.Errorf("parameter %q is not used", m.Key.Text)
			}
			for _, field := range []string{"title", "description", "type"} {
				if text(m.Value.Get(field)) == "" {
					t.Errorf("parameter %q has no %s", m.Key.Text, field)
				}
			}
		}
	}
	for name := range used {
		if !known[name] {
			t.Errorf("$(%s) is not declared", name)
		}
	}
}

func references(n *source.Node, used map[string]bool) {
	for _, match := range reference.FindAllStringSubmatch(n.Text, -1) {
		used[match[1]] = true
	}
	for _, item := range n.Items {
		references(item, used)
	}
	for _, m := range n.Members {
		references(m.Key, used)
		references(m.Value, used)
	}
}

func load(t *testing.T, name string) *source.Node {
	t.Helper()
	body, ok := templates.Read(name)
	if !ok {
		t.Fatalf("no template %q", name)
	}
	file, found := source.Load(name+".yaml", body, source.DefaultLimits)
	if len(found) > 0 {
		t.Fatalf("%s: %+v", name, found)
	}
	if len(file.Documents) != 1 || file.Documents[0].Root == nil || file.Documents[0].Root.Kind != source.Mapping {
		t.Fatalf("%s is not one mapping", name)
	}
	return file.Documents[0].Root
}

func text(n *source.Node) string {
	if n == nil {
		return ""
	}
	return n.Text
}
