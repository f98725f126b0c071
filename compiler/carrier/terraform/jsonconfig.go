package terraform

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// jsonConfig turns a file in Terraform's JSON syntax into what the native syntax would be: a text is a template.
// https://developer.hashicorp.com/terraform/language/syntax/json
type jsonConfig struct {
	file     *source.File
	literal  bool             // texts are not templates: a file of values
	embedded map[string]model // the texts with escapes, by the names under which they are parsed
	found    diag.List
}

// isJSON reports whether a file is in the JSON syntax, by its name.
func isJSON(name string) bool { return strings.HasSuffix(name, ".json") }

// parseJSON reads a file in the JSON syntax.
func parseJSON(file *source.File, literal bool) (*hclsyntax.Body, map[string]model, diag.List) {
	j := &jsonConfig{file: file, literal: literal, embedded: map[string]model{}}
	bom := file.BOM()
	root, found := source.ReadJSON(file.Text[bom:], source.DefaultLimits, func(start, end int) diag.Place {
		return diag.Place{File: file.Name, Range: file.Span(start+bom, end+bom)}
	})
	if root == nil || found.HasErrors() {
		return nil, nil, found
	}
	body := j.body(root)
	if literal {
		return body, nil, found
	}
	for _, one := range members(root) {
		for _, m := range one.Members {
			body.Blocks = append(body.Blocks, j.topLevel(m.Key, m.Value)...)
		}
	}
	body.Attributes = hclsyntax.Attributes{}
	return body, j.embedded, append(found, j.found...)
}

// members is a node, or what a list of them has.
func members(n *source.Node) []*source.Node {
	if n.Kind == source.Sequence {
		return n.Items
	}
	return []*source.Node{n}
}

// labels is how many names the blocks of a type have.
var labels = map[string]int{"resource": 2, "data": 2, "variable": 1, "output": 1, "module": 1, "provider": 1, "locals": 0, "terraform": 0}

func (j *jsonConfig) topLevel(key, n *source.Node) []*hclsyntax.Block {
	count, known := labels[key.Text]
	if !known {
		return nil
	}
	var out []*hclsyntax.Block
	var walk func(n, at *source.Node, names []string)
	walk = func(n, at *source.Node, names []string) {
		for _, one := range members(n) {
			if len(names) == count {
				out = append(out, &hclsyntax.Block{Type: key.Text, Labels: append([]string{}, names...), Body: j.bodyOf(key.Text, one), TypeRange: j.rangeOf(at)})
				continue
			}
			for _, m := range one.Members {
				walk(m.Value, m.Key, append(append([]string{}, names...), m.Key.Text))
			}
		}
	}
	walk(n, key, nil)
	return out
}

// nested are the arguments that are blocks, of what this package reads.
var nested = map[string]bool{
	"statement": true, "principals": true, "not_principals": true, "condition": true, "assume_role": true, "dynamic": true, "content": true,
}

func (j *jsonConfig) body(n *source.Node) *hclsyntax.Body { return j.bodyOf("", n) }

func (j *jsonConfig) bodyOf(kind string, n *source.Node) *hclsyntax.Body {
	body := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}, SrcRange: j.rangeOf(n), EndRange: j.rangeOf(n)}
	for _, m := range n.Members {
		switch {
		case m.Key.Text == "//":
		case kind != "locals" && kind != "module" && kind != "variable" && nested[m.Key.Text] && !j.literal && m.Value.Kind != source.Scalar:
			body.Blocks = append(body.Blocks, j.blocks(m.Key, m.Value)...)
		default:
			body.Attributes[m.Key.Text] = &hclsyntax.Attribute{
				Name: m.Key.Text, Expr: j.argument(kind, m.Key.Text, m.Value), NameRange: j.rangeOf(m.Key), EqualsRange: j.rangeOf(m.Key),
				SrcRange: hcl.RangeBetween(j.rangeOf(m.Key), j.rangeOf(m.Value)),
			}
		}
	}
	return body
}

// blocks are the nested blocks of a type; those of dynamic ones have the type as their label.
func (j *jsonConfig) blocks(key, n *source.Node) []*hclsyntax.Block {
	var out []*hclsyntax.Block
	for _, one := range members(n) {
		if key.Text != "dynamic" {
			out = append(out, &hclsyntax.Block{Type: key.Text, Body: j.body(one), TypeRange: j.rangeOf(key)})
			continue
		}
		for _, m := range one.Members {
			for _, each := range members(m.Value) {
				out = append(out, &hclsyntax.Block{Type: "dynamic", Labels: []string{m.Key.Text}, Body: j.body(each), TypeRange: j.rangeOf(m.Key)})
			}
		}
	}
	return out
}

// argument is the expression of an argument: some are names or types, and no templates.
func (j *jsonConfig) argument(kind, name string, n *source.Node) hclsyntax.Expression {
	switch {
	case kind == "variable" && name == "default":
		return (&jsonConfig{file: j.file, literal: true}).expression(n)
	case kind == "variable" && name == "type", name == "provider", name == "iterator":
		return j.code(n)
	case kind == "module" && name == "providers" && n.Kind == source.Mapping:
		out := &hclsyntax.ObjectConsExpr{SrcRange: j.rangeOf(n), OpenRange: j.rangeOf(n)}
		for _, m := range n.Members {
			out.Items = append(out.Items, hclsyntax.ObjectConsItem{KeyExpr: j.code(m.Key), ValueExpr: j.code(m.Value)})
		}
		return out
	}
	return j.expression(n)
}

// code is a text that is an expression.
func (j *jsonConfig) code(n *source.Node) hclsyntax.Expression {
	if n.IsString() {
		r := j.inside(n)
		if x, wrong := hclsyntax.ParseExpression([]byte(n.Text), r.Filename, r.Start); !wrong.HasErrors() {
			return x
		}
	}
	return j.expression(n)
}

func (j *jsonConfig) rangeOf(n *source.Node) hcl.Range {
	pos := func(p diag.Pos) hcl.Pos { return hcl.Pos{Line: p.Line, Column: p.Column, Byte: p.Offset} }
	return hcl.Range{Filename: j.file.Name, Start: pos(n.Place.Range.Start), End: pos(n.Place.Range.End)}
}

// inside is where a text begins between its quotes. One with escapes is a file of its own, whose place is that of the text.
func (j *jsonConfig) inside(n *source.Node) hcl.Range {
	r := j.rangeOf(n)
	written := j.file.Text[r.Start.Byte:r.End.Byte]
	if len(written) < 2 || string(written[1:len(written)-1]) == n.Text {
		r.Start.Byte++
		r.Start.Column++
		return r
	}
	name := fmt.Sprintf("%s#%d", j.file.Name, r.Start.Byte)
	text, _ := source.LoadText(name, []byte(n.Text), source.DefaultLimits)
	if j.embedded != nil {
		j.embedded[name] = model{file: text, place: n.Place}
	}
	return hcl.Range{Filename: name, Start: hcl.InitialPos, End: hcl.InitialPos}
}

func (j *jsonConfig) expression(n *source.Node) hclsyntax.Expression {
	r := j.rangeOf(n)
	value := func(v cty.Value) hclsyntax.Expression { return &hclsyntax.LiteralValueExpr{Val: v, SrcRange: r} }
	switch {
	case n.Kind == source.Sequence:
		out := &hclsyntax.TupleConsExpr{SrcRange: r, OpenRange: r}
		for _, item := range n.Items {
			out.Exprs = append(out.Exprs, j.expression(item))
		}
		return out
	case n.Kind == source.Mapping:
		out := &hclsyntax.ObjectConsExpr{SrcRange: r, OpenRange: r}
		for _, m := range n.Members {
			if m.Key.Text != "//" || j.literal {
				out.Items = append(out.Items, hclsyntax.ObjectConsItem{KeyExpr: j.expression(m.Key), ValueExpr: j.expression(m.Value)})
			}
		}
		return out
	case n.IsNull():
		return value(cty.NullVal(cty.DynamicPseudoType))
	case n.Type == source.Bool:
		return value(cty.BoolVal(n.Text == "true"))
	case n.Type != source.String:
		if number, err := cty.ParseNumberVal(n.Text); err == nil {
			return value(number)
		}
		return value(cty.StringVal(n.Text))
	case j.literal || !strings.Contains(n.Text, "${") && !strings.Contains(n.Text, "%{"):
		return j.text(n)
	}
	at := j.inside(n)
	if d, deep := tooDeepText([]byte(n.Text), n.Place); deep {
		j.found = append(j.found, d)
		return value(cty.StringVal(n.Text))
	}
	x, wrong := hclsyntax.ParseTemplate([]byte(n.Text), at.Filename, at.Start)
	if wrong.HasErrors() {
		d := syntaxFinding(j.file, wrong[0])
		d.Place = n.Place
		j.found = append(j.found, d)
		return value(cty.StringVal(n.Text))
	}
	if t, ok := x.(*hclsyntax.TemplateExpr); ok && at.Filename == r.Filename {
		t.SrcRange = r
	}
	return x
}

// text is a text that is as it is written, between its quotes.
func (j *jsonConfig) text(n *source.Node) hclsyntax.Expression {
	r := j.rangeOf(n)
	within := r
	if r.End.Byte-r.Start.Byte >= 2 {
		within.Start.Byte++
		within.End.Byte--
	}
	return &hclsyntax.TemplateExpr{Parts: []hclsyntax.Expression{&hclsyntax.LiteralValueExpr{Val: cty.StringVal(n.Text), SrcRange: within}}, SrcRange: r}
}

// trimmed is a name without what says in which syntax a file is.
func trimmed(name string) string {
	for _, suffix := range suffixes {
		if base, ok := strings.CutSuffix(name, suffix); ok {
			return base
		}
	}
	return name
}

// mentionsKMS reports whether a file has to do with KMS. Of one that is in UTF-16 that is not known: it is looked at, and reported.
func mentionsKMS(data []byte) bool {
	return bytes.Contains(data, []byte("kms")) || bytes.HasPrefix(data, []byte("\xFF\xFE")) || bytes.HasPrefix(data, []byte("\xFE\xFF"))
}
