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
func (in *inputs) files(all []FileSummary, groups []fileGroup, whole bool) *ast.Term {
	index := 0
	entries := terms(all, func(f FileSummary) *ast.Term {
		base := diag.Path{index}
		index++
		return record(
			"path", pathTerm(base, 0), "file", f.Place.File, "document", f.Place.Document, "kind", f.Kind,
			"name", namedTerm(f.Name, join(base, "name")), "key", namedTerm(f.Key, join(base, "key")),
			"account", f.Account, "regions", f.Regions, "uses", namedTerms(f.Uses, join(base, "uses")),
			"users", namedTerms(f.Users, join(base, "users")), "roles", namedTerms(f.Roles, join(base, "roles")),
			"outputs", f.Outputs,
		)
	})
	return object(field("files", entries), field("groups", groupsTerm(groups, all)), field("whole", truth(whole)), field("trust", in.trust), field("today", in.today))
}

func namedTerm(n Named, path diag.Path) *ast.Term {
	return object(field("text", text(n.Text)), field("path", pathTerm(path, 0)))
}

func namedTerms(all []Named, base diag.Path) *ast.Term {
	items := make([]*ast.Term, len(all))
	for i, n := range all {
		items[i] = namedTerm(n, join(base, i))
	}
	return list(items)
}

// findInFiles gives the origin of a path of the input about all files.
func findInFiles(all []FileSummary, path diag.Path) policy.Origin {
	if len(path) == 0 {
		return policy.Origin{}
	}
	i, ok := path[0].(int)
	if !ok || i < 0 || i >= len(all) {
		return policy.Origin{}
	}
	f := all[i]
	if len(path) == 1 {
		return policy.Origin{Value: f.Place, Exact: true}
	}
	field, _ := path[1].(string)
	names, at := map[string][]Named{"name": {f.Name}, "key": {f.Key}, "uses": f.Uses, "users": f.Users, "roles": f.Roles}[field], 0
	if field != "name" && field != "key" {
		if at, ok = path[len(path)-1].(int); !ok {
			at = -1
		}
	}
	if at < 0 || at >= len(names) {
		return policy.Origin{Value: f.Place}
	}
	return policy.Origin{Value: cmp.Or(names[at].Place, f.Place), Exact: true}
}
