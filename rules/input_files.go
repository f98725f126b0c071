package rules

import (
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
		return object(
			field("path", pathTerm(base, 0)),
			field("file", text(f.Place.File)),
			field("document", number(f.Place.Document)),
			field("kind", text(f.Kind)),
			field("name", namedTerm(f.Name, join(base, "name"))),
			field("key", namedTerm(f.Key, join(base, "key"))),
			field("account", text(f.Account)),
			field("regions", texts(f.Regions)),
			field("uses", namedTerms(f.Uses, join(base, "uses"))),
			field("users", namedTerms(f.Users, join(base, "users"))),
			field("roles", namedTerms(f.Roles, join(base, "roles"))),
			field("outputs", texts(f.Outputs)),
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
	place, known := f.Place, true
	if len(path) > 1 {
		switch path[1] {
		case "name":
			place = f.Name.Place
		case "key":
			place = f.Key.Place
		case "uses":
			place, known = placeIn(f.Uses, path)
		case "users":
			place, known = placeIn(f.Users, path)
		case "roles":
			place, known = placeIn(f.Roles, path)
		default:
			known = false
		}
	}
	if place.IsZero() {
		place = f.Place
	}
	return policy.Origin{Value: place, Exact: known}
}

// placeIn is the place of the one of some names that a path ends at.
func placeIn(names []Named, path diag.Path) (diag.Place, bool) {
	n, ok := path[len(path)-1].(int)
	if !ok || n < 0 || n >= len(names) {
		return diag.Place{}, false
	}
	return names[n].Place, true
}
