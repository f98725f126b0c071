package rules

import (
	"context"
	"errors"
	"fmt"
	"maps"
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
	groups := map[string][]*rule{}
	for _, r := range all {
		key := fmt.Sprint(r.Subjects)
		groups[key] = append(groups[key], r)
	}
	var ordered [][]*rule
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		ordered = append(ordered, groups[key])
	}
	return ordered
}

// check compiles rules of the same subjects strictly and against their input's schema.
func check(rules []*rule, libraries []library) error {
	modules := map[string]*ast.Module{}
	for _, r := range rules {
		text, err := readRego(r.File, r.text)
		if err != nil {
			return err
		}
		if modules[r.File], err = parseModule(r.File, text, true); err != nil {
			return err
		}
	}
	if err := addLibraries(modules, libraries); err != nil {
		return err
	}
	schema, err := unionSchema(rules[0].Subjects)
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
	if err := undefinedData(c, rules); err != nil {
		return err
	}
	return comparedWithText(c, rules)
}

// undefinedData reports what rules read that nobody defines: OPA takes it for data that may come with a run, and here
// none does.
func undefinedData(c *ast.Compiler, rules []*rule) error {
	var all []error
	for _, r := range rules {
		ast.WalkRefs(c.Modules[r.File], func(ref ast.Ref) bool {
			if ref[0].Equal(ast.DefaultRootDocument) {
				if known := definedUpTo(c.RuleTree, ref); known < len(ref) {
					all = append(all, located(ref[0].Location, "undefined ref: there is no "+written(ref[:known+1].String())))
				}
			}
			return false
		})
	}
	return errors.Join(all...)
}

// definedUpTo is how many steps of a ref lead to a rule, or to a step that is not a name: all of them where it is defined.
func definedUpTo(tree *ast.TreeNode, ref ast.Ref) int {
	for i, step := range ref {
		if !step.IsGround() && i > 0 || len(tree.Values) > 0 {
			return len(ref)
		}
		child := tree.Child(step.Value)
		if child == nil {
			return i
		}
		tree = child
	}
	return len(ref)
}
