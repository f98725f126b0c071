package terraform

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// replacer takes what is the key's own out of a shape.
var replacer = strings.NewReplacer("{account}", "*", "{region}", "*", "{key}", "*")

// providerOf is the provider of a resource: the name of its configuration where that is written, such as aws.replica in the root,
// or module.x:aws in a module that configures one itself. Two resources of one provider are in one account.
func (e *evaluator) providerOf(b block) string {
	name, _, _ := strings.Cut(b.kind(), "_")
	if b.body != nil {
		if a := b.body.Body.Attributes["provider"]; a != nil {
			name = providerName(a.Expr)
		}
	}
	return b.in.provider(name)
}

// providerName is the name that an expression such as aws.replica is.
func providerName(x hclsyntax.Expression) string {
	t, diagnostics := hcl.AbsTraversalForExpr(x)
	if diagnostics.HasErrors() {
		v, _ := x.Value(nil)
		if v.IsKnown() && !v.IsNull() && v.Type().FriendlyName() == "string" {
			return v.AsString()
		}
		return ""
	}
	name := t.RootName()
	if len(t) > 1 {
		if alias, ok := t[1].(hcl.TraverseAttr); ok {
			name += "." + alias.Name
		}
	}
	return name
}

// provider is the configuration that a name in the module represents.
func (in *instance) provider(name string) string {
	if given, ok := in.providers[name]; ok {
		return given
	}
	if in.up == nil {
		return name
	}
	if _, own := in.config.providers[name]; own || strings.Contains(name, ".") {
		return in.address + ":" + name
	}
	return in.up.provider(name)
}

// providerBlock is the block that configures a provider; nil where there is none.
func (e *evaluator) providerBlock(root *instance, name string) (*hclsyntax.Block, *instance) {
	if address, own, ok := strings.Cut(name, ":"); ok {
		if in := root.at(address); in != nil {
			return in.config.providers[own], in
		}
		return nil, nil
	}
	return root.config.providers[name], root
}

// at finds a module's instance below a root.
func (in *instance) at(address string) *instance {
	if in.address == address {
		return in
	}
	for _, c := range in.calls {
		for _, child := range c.instances {
			if child != nil && (child.address == address || strings.HasPrefix(address, child.address+".")) {
				return child.at(address)
			}
		}
	}
	return nil
}

// passed are the providers that a call gives to a module.
func (e *evaluator) passed(in *instance, body *hclsyntax.Body) map[string]string {
	out := map[string]string{}
	a := body.Attributes["providers"]
	if a == nil {
		return out
	}
	x, ok := a.Expr.(*hclsyntax.ObjectConsExpr)
	if !ok {
		return out
	}
	for _, item := range x.Items {
		key := item.KeyExpr
		if k, ok := key.(*hclsyntax.ObjectConsKeyExpr); ok {
			key = k.Wrapped
		}
		if name := providerName(key); name != "" {
			out[name] = in.provider(providerName(item.ValueExpr))
		}
	}
	return out
}

// accountOf is one text for the providers that are surely of one account: those that are configured alike but for their Region.
func (e *evaluator) accountOf(name string) string {
	b, in := e.providerBlock(e.root, name)
	if b == nil {
		return name
	}
	var parts []string
	for attribute, a := range b.Body.Attributes {
		if attribute != "alias" && attribute != "region" {
			parts = append(parts, attribute+"="+e.written(a.Expr.Range()))
		}
	}
	slices.Sort(parts)
	for _, nested := range b.Body.Blocks {
		if nested.Type != "default_tags" && nested.Type != "ignore_tags" && nested.Type != "endpoints" {
			parts = append(parts, nested.Type+e.written(nested.Body.SrcRange))
		}
	}
	return "configured " + in.address + " " + strings.Join(parts, "\x00")
}
