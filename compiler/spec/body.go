package spec

import (
	"github.com/keypolicy/keypolicy/compiler/source"
)

// ListNames are the fields of form 1, in the order in which their principals are compiled.
var ListNames = [...]string{"key_admins", "key_admins_roles", "key_users", "key_users_roles", "external_accounts"}

// aliases are other spellings of fields that are understood: CCKM's templates write key-admins-roles.
var aliases = map[string]string{"key-admins-roles": "key_admins_roles"}

// FieldName gives a field's own name for what is written.
func FieldName(written string) string {
	if name, ok := aliases[written]; ok {
		return name
	}
	return written
}

// List is one list field: who may do what.
type List struct {
	Field   *source.Node // its key as written; nil where the list was made only from templates
	Entries []*source.Node
}

// ListField is a list field as it is written: its value need not be a list.
type ListField struct {
	Name  string // of ListNames
	Field *source.Node
	Value *source.Node
}

// Include is one entry of include: a template that adds to the policy.
type Include struct {
	Template   *source.Node // the template's name
	Parameters *source.Node // a mapping, or nil
}

// Body is what a spec and a template have in common: what is compiled to a policy.
// A field that is not there is nil.
type Body struct {
	Lists            map[string]*List // by the names of ListNames; only those that are there
	ListFields       []ListField      // each that is there, as it is written
	Policy           *source.Node     // form 2: a mapping or one JSON string
	Include          []Include
	IncludeField     *source.Node
	UsedBy           []Use
	Statements       []*source.Node
	StatementsField  *source.Node
	DelegateToIAM    *source.Node
	AllowKeyDeletion *source.Node
}

// ParseBody reads the body's fields of a mapping. What is of a wrong type is left out: the schema reports it.
func ParseBody(root *source.Node) Body {
	b := Body{Lists: map[string]*List{}}
	for _, m := range root.Members {
		name := FieldName(m.Key.Text)
		switch name {
		case "policy":
			b.Policy = m.Value
		case "include":
			b.IncludeField = m.Key
			b.Include = parseIncludes(m.Value)
		case "used_by":
			b.UsedBy = parseUsedBy(m.Value)
		case "statements":
			b.StatementsField = m.Key
			b.Statements = m.Value.Items
		case "delegate_to_iam":
			b.DelegateToIAM = m.Value
		case "allow_key_deletion":
			b.AllowKeyDeletion = m.Value
		default:
			if IsListName(name) {
				b.Lists[name] = &List{Field: m.Key, Entries: m.Value.Items}
				b.ListFields = append(b.ListFields, ListField{Name: name, Field: m.Key, Value: m.Value})
			}
		}
	}
	return b
}

// IsListName reports whether a field of that name is a list of principals.
func IsListName(name string) bool {
	for _, l := range ListNames {
		if l == name {
			return true
		}
	}
	return false
}

func parseIncludes(n *source.Node) []Include {
	var list []Include
	for _, item := range n.Items {
		if name := item.Get("template"); name != nil {
			list = append(list, Include{Template: name, Parameters: item.Get("parameters")})
		}
	}
	return list
}

// IsTrue reads a boolean field, with the value that it has when it is not there.
func IsTrue(n *source.Node, otherwise bool) bool {
	if n == nil || n.Kind != source.Scalar || n.Type != source.Bool {
		return otherwise
	}
	return n.Text == "true" || n.Text == "True" || n.Text == "TRUE"
}

// Use is one entry of used_by: what the key is for.
type Use struct {
	Entry      *source.Node
	Name       *source.Node
	Parameters *source.Node // a mapping, or nil
}

// parseUsedBy reads entries that are a bare name, or a name with parameters as in include.
func parseUsedBy(n *source.Node) []Use {
	var list []Use
	for _, item := range n.Items {
		name := item.Get("template")
		if item.IsString() {
			name = item
		}
		if name.IsString() {
			list = append(list, Use{Entry: item, Name: name, Parameters: item.Get("parameters")})
		}
	}
	return list
}
