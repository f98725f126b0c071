package rules

import (
	"context"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// checkUser compiles a user's rules with every check that there is. Rules of the same subjects are
// compiled together, so that each is type-checked against what its input is.
func checkUser(ctx context.Context, user []*rule, libraries []library) error {
	for _, rules := range bySubjects(user) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := check(rules, libraries); err != nil {
			return err
		}
	}
	return nil
}

func bySubjects(all []*rule) [][]*rule {
	var keys []string
	groups := map[string][]*rule{}
	for _, r := range all {
		key := ""
		for _, s := range r.subjects {
			key += string(s) + " "
		}
		if groups[key] == nil {
			keys = append(keys, key)
		}
		groups[key] = append(groups[key], r)
	}
	slices.Sort(keys)
	ordered := make([][]*rule, len(keys))
	for i, key := range keys {
		ordered[i] = groups[key]
	}
	return ordered
}

// check compiles rules of the same subjects strictly and against their input's schema.
func check(rules []*rule, libraries []library) error {
	modules := map[string]*ast.Module{}
	for _, l := range libraries {
		m, err := parseModule(l.file, l.text, false)
		if err != nil {
			return err
		}
		modules[l.file] = m
	}
	for _, r := range rules {
		m, err := parseModule(r.file, r.text, true)
		if err != nil {
			return err
		}
		modules[r.file] = m
	}
	schema, err := unionSchema(rules[0].subjects)
	if err != nil {
		return err
	}
	schemas := ast.NewSchemaSet()
	schemas.Put(ast.SchemaRootRef, schema)
	c := ast.NewCompiler().WithCapabilities(capabilities()).WithStrict(true).WithSchemas(schemas).WithUseTypeCheckAnnotations(true)
	c.Compile(modules)
	if c.Failed() {
		return compileError(c.Errors)
	}
	return nil
}
