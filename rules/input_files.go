package rules

import (
	"cmp"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// Named is a name with the place where it is written.
type Named struct {
	Text  string
	Place diag.Place
}

// FileSummary is what is kept of one document for the rules about all files of a run.
type FileSummary struct {
	Place   diag.Place // the document
	Kind    string     // spec, template, policy or configuration
	Name    Named      // of the spec or the template
	Key     Named      // the key that the spec is for
	Account string
	Regions []string
	Digests []string // of specs for multi-Region keys: equal for policies that are equal but for their Region; one a Region
	Uses    []Named  // the templates that it uses
	Users   []Named  // of a spec: the names without an ARN that it takes for IAM users
	Roles   []Named  // the ARNs of the roles that its policies name
	Outputs []string
	Unused  bool // of a configuration: another one is in use
}

// files makes the input of rules about all files of a run.
func (in *inputs) files(all []FileSummary, groups []fileGroup, whole bool, read fields) *ast.Term {
	return object(
		read.lazy("files", func() *ast.Term { return filesTerm(all, read) }), read.lazy("groups", func() *ast.Term { return groupsTerm(groups, all, read) }),
		read.truth("whole", whole), read.term("trust", in.trust), read.term("today", in.today),
	)
}

func filesTerm(all []FileSummary, read fields) *ast.Term {
	return numbered(all, func(i int, f FileSummary) *ast.Term {
		name := func(field string) func(int, Named) *ast.Term {
			return func(at int, n Named) *ast.Term { return namedTerm(n, diag.Path{i, field, at}) }
		}
		return object(
			read.term("path", pathTerm(diag.Path{i}, 0)), read.text("file", f.Place.File),
			read.number("document", f.Place.Document), read.text("kind", f.Kind),
			read.lazy("name", func() *ast.Term { return namedTerm(f.Name, diag.Path{i, "name"}) }), read.lazy("key", func() *ast.Term { return namedTerm(f.Key, diag.Path{i, "key"}) }),
			read.text("account", f.Account), read.texts("regions", f.Regions),
			read.lazy("uses", func() *ast.Term { return numbered(f.Uses, name("uses")) }),
			read.lazy("users", func() *ast.Term { return numbered(f.Users, name("users")) }), read.lazy("roles", func() *ast.Term { return numbered(f.Roles, name("roles")) }),
			read.texts("outputs", f.Outputs),
		)
	})
}

func namedTerm(n Named, path diag.Path) *ast.Term {
	return object(every.text("text", n.Text), every.term("path", pathTerm(path, 0)))
}

// findInFiles gives the origin of a path of the input about all files.
func findInFiles(all []FileSummary, path diag.Path) policy.Origin {
	f, ok := itemAt(all, path, 0)
	if !ok || len(path) == 1 {
		return policy.Origin{Value: f.Place, Exact: ok}
	}
	field, _ := path[1].(string)
	if field == "name" || field == "key" {
		path = diag.Path{0}
	}
	names := map[string][]Named{"name": {f.Name}, "key": {f.Key}, "uses": f.Uses, "users": f.Users, "roles": f.Roles}[field]
	named, ok := itemAt(names, path, len(path)-1)
	return policy.Origin{Value: cmp.Or(named.Place, f.Place), Exact: ok}
}

// itemAt is the item of a list at the position that a step of a path says.
func itemAt[T any](list []T, path diag.Path, step int) (item T, ok bool) {
	if step >= len(path) {
		return item, false
	}
	at, ok := path[step].(int)
	if !ok || at < 0 || at >= len(list) {
		return item, false
	}
	return list[at], true
}
