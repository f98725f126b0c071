package templates_test

import (
	"slices"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/templates"
)

// principalParameters are a template's parameters whose values become principals, by includes too, sorted.
func principalParameters(t *testing.T, name string) []string {
	t.Helper()
	root := load(t, name)
	used := map[string]bool{}
	collectPrincipals(t, root, used)
	var names []string
	for _, p := range spec.ParseTemplate(root).Parameters {
		if used[p.Name.Text] {
			names = append(names, p.Name.Text)
		}
	}
	slices.Sort(names)
	return names
}

func collectPrincipals(t *testing.T, root *source.Node, used map[string]bool) {
	t.Helper()
	body := spec.ParseBody(root)
	for _, name := range spec.ListNames {
		if field := root.Get(name); field != nil && body.Lists[name] != nil {
			references(field, used)
		}
	}
	for _, statement := range body.Statements {
		for _, element := range []string{"Principal", "NotPrincipal"} {
			if p := statement.Get(element); p != nil {
				references(p, used)
			}
		}
	}
	for _, include := range body.Include {
		for _, inner := range principalParameters(t, include.Template.Text) {
			if value := include.Parameters.Get(inner); value != nil {
				references(value, used)
			}
		}
	}
}

// TestParametersTakeNames wants the same policy of a role's name and of its ARN, for each parameter that names roles and
// users, and of a path with the name.
func TestParametersTakeNames(t *testing.T) {
	for _, name := range templates.Names() {
		root := load(t, name)
		for _, parameter := range principalParameters(t, name) {
			schema := root.Get("parameters").Get(parameter)
			items := schema.Get("items")
			if items == nil { // one service or one service-linked role, of which the template writes the rest
				continue
			}
			t.Run(name+"/"+parameter, func(t *testing.T) {
				if text(items.Get("format")) == "external-principal" {
					same(t, name, parameter, "444455556666", "arn:aws:iam::444455556666:root")
					return
				}
				same(t, name, parameter, "app", "arn:aws:iam::111122223333:role/app")
				same(t, name, parameter, "team/app", "arn:aws:iam::111122223333:role/team/app")
				same(t, name, parameter, "444455556666", "arn:aws:iam::444455556666:root")
			})
		}
	}
}
