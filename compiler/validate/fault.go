package validate

import (
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// fault is one thing that is wrong: a keyword of a schema that a value does not hold to.
type fault struct {
	keyword  string         // as JSON Schema has it; "false" for a value that may not be there at all
	location string         // where the keyword is: ADDRESS#POINTER
	schema   map[string]any // the schema that has the keyword
	types    []string       // keyword "type": the types that there may be
	path     diag.Path
	key      *source.Node // the field's key, where the value is a field's
	value    *source.Node
	isKey    bool // it is the key that is wrong
}

// flatten makes a list of the library's tree of errors. Its order there is random, and random here: findings are sorted.
func (s *schema) flatten(e *jsonschema.ValidationError, root *source.Node) []fault {
	switch keyword := lastStep(e.KeywordLocation); {
	case len(e.Causes) == 0 || keyword == "contains" || keyword == "minContains" || keyword == "not":
		return []fault{s.leaf(e, root)}
	case keyword == "anyOf" || keyword == "oneOf":
		var branches [][]fault
		for _, cause := range e.Causes {
			branches = append(branches, s.flatten(cause, root))
		}
		return fold(s.leaf(e, root), branches)
	}
	var list []fault
	for _, cause := range e.Causes {
		list = append(list, s.flatten(cause, root)...)
	}
	return list
}

func (s *schema) leaf(e *jsonschema.ValidationError, root *source.Node) fault {
	f := fault{location: e.AbsoluteKeywordLocation, isKey: inPropertyNames(e.KeywordLocation)}
	f.path, f.key, f.value = locate(root, e.InstanceLocation)
	f.keyword = lastStep(f.location)
	if strings.Contains(f.location, "/dependentRequired/") {
		f.keyword = "dependentRequired" // the library adds the field and an index
	}
	if s.at(f.location) == false && f.keyword != "additionalProperties" {
		f.keyword = "false"
		return f
	}
	f.schema, _ = s.at(strings.TrimSuffix(f.location, "/"+f.keyword)).(map[string]any)
	if f.keyword == "type" {
		f.types = texts(f.schema["type"])
	}
	return f
}

// fold makes one fault, or those of one branch, of the branches of an anyOf or oneOf that all failed: the branch
// whose type the value has is the one that was meant; where it has none of the types, they are all said.
func fold(whole fault, branches [][]fault) []fault {
	types := whole
	types.keyword = "type"
	var meant [][]fault
	for _, branch := range branches {
		if i := slices.IndexFunc(branch, func(f fault) bool { return f.keyword == "type" && len(f.path) == len(whole.path) }); i >= 0 {
			types.types = append(types.types, branch[i].types...)
		} else {
			meant = append(meant, branch)
		}
	}
	switch len(meant) {
	case 0:
		slices.Sort(types.types)
		types.types = slices.Compact(types.types)
		return []fault{types}
	case 1:
		return meant[0]
	default:
		return []fault{whole}
	}
}

// inPropertyNames reports whether a keyword is about a field's name and not its value.
func inPropertyNames(location string) bool {
	list := steps(location)
	i := slices.Index(list, "propertyNames")
	return i == 0 || (i > 0 && list[i-1] != "properties")
}

func lastStep(location string) string { return location[strings.LastIndex(location, "/")+1:] }

// texts reads a string or a list of strings of a schema.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var list []string
		for _, item := range v {
			if s, ok := item.(string); ok {
				list = append(list, s)
			}
		}
		return list
	default:
		return nil
	}
}
