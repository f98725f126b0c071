package tfplan

import (
	"strings"

	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// symbol is the hole that an unknown value is. A plan has the names that an expression refers to, and neither its literal
// parts nor its functions. So only an expression of one name, which is an attribute of a resource, is taken for its value: of
// all others nothing is known but where they come from, and no two of them are equal.
func (v value) symbol() *symbol.Hole {
	h := &symbol.Hole{Kind: symbol.Variable, Place: v.place()}
	var refs []reference
	if v.expression != nil {
		for _, r := range referencesOf(v.resource.module, v.expression) {
			refs = append(refs, v.resource.plan.configuration.resolve(r))
		}
	}
	if len(refs) == 0 {
		h.Kind, h.Ref, h.Instance = symbol.Computed, v.resource.address(), v.place().Path
		return h
	}
	names := make([]string, len(refs))
	for i, r := range refs {
		names[i] = r.String()
	}
	h.Ref = strings.Join(names, ", ")
	shape, isAttribute := symbol.AnyText, false
	if len(refs) == 1 {
		shape, isAttribute = v.resource.shape(refs[0])
	}
	if isAttribute {
		h.Kind, h.Shape = symbol.Attribute, shape
	}
	if !isAttribute || v.inList {
		h.Instance = v.resource.address() + v.place().Path
	}
	return h
}

// shape is what is known of an attribute that a reference names: of the ARN of a role or a user, which one it can be of.
func (r *resource) shape(ref reference) (symbol.Shape, bool) {
	parts := strings.Split(withoutIndexes(ref.name), ".")
	if len(parts) != 3 || parts[2] != "arn" {
		return "", false
	}
	provider := r.provider()
	own := provider != "" && provider == text(r.plan.configuration.resource(ref.module, parts[0]+"."+parts[1]).Get("provider_config_key"))
	switch {
	case parts[0] == "aws_iam_role" && own:
		return symbol.OwnRole, true
	case parts[0] == "aws_iam_role":
		return symbol.AnyRole, true
	case parts[0] == "aws_iam_user" && own:
		return symbol.OwnUser, true
	case parts[0] == "aws_iam_user":
		return symbol.AnyUser, true
	}
	return "", false
}

// withoutIndexes takes the instance keys out of a reference: aws_iam_role.x["a.b"].arn is aws_iam_role.x.arn.
func withoutIndexes(name string) string {
	var b strings.Builder
	for name != "" {
		n := strings.IndexByte(name, '[')
		if n < 0 {
			b.WriteString(name)
			break
		}
		b.WriteString(name[:n])
		name = name[n:]
		name = name[indexLength(name):]
	}
	return b.String()
}

// structure is the hole that an unknown policy, block or list is. Its expression has the one name among much that the plan does
// not have: jsonencode of a policy that names a role is not the role's ARN.
func (v value) structure() *symbol.Hole {
	h := v.symbol()
	if h.Kind == symbol.Attribute {
		h.Kind, h.Shape, h.Instance = symbol.Variable, symbol.AnyText, v.resource.address()+v.place().Path
	}
	return h
}

// hole represents a policy or a block that is known after apply.
func (v value) hole() *source.Node { return source.NewHole(v.structure()) }
