package terraform

import (
	"strconv"

	"github.com/hashicorp/hcl/v2"

	"github.com/keypolicy/keypolicy/compiler/carrier/policydocument"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// documentText is the text that data.aws_iam_policy_document gives.
func (e *evaluator) documentText(b block) *value {
	place := e.blockPlace(b.body)
	key := "document " + b.address()
	if b.in.busy[key] {
		e.report("terraform-cycle", "`"+b.address()+"` refers to itself, directly or through others", "remove the reference that leads back to it", place)
		return e.unknown(symbol.Computed, b.name+".json", &scope{in: b.in}, place)
	}
	b.in.busy[key] = true
	defer delete(b.in.busy, key)
	return e.bounded(&value{kind: text, place: place, encoded: policydocument.Policy(documentValues{}, documentBlock{e, made{b.body.Body, b.scope(), place}})}, largestDocument, b.scope(), b.body.DefRange())
}

type (
	document     = policydocument.Document[*value, *hole]
	documentList = policydocument.List[*value, *hole]
)

// documentBlock is a block of data.aws_iam_policy_document.
type documentBlock struct {
	e *evaluator
	made
}

func (b documentBlock) Place() diag.Place { return b.place }

func (b documentBlock) Text(name string) (v *value, at diag.Place, given bool) {
	a := b.body.Attributes[name]
	if a == nil {
		return nil, at, false
	}
	v, at = b.e.value(a.Expr, b.scope), b.e.place(a.NameRange)
	switch {
	case v.kind == null || v.isEmpty():
		return nil, at, false
	case v.kind == failed:
		return b.e.derived(b.scope, a.Expr.Range(), nil), at, true
	}
	return asText(v), at, true
}

// asText is a value as the provider takes it, which has texts only.
func asText(v *value) *value {
	if v.kind == boolean || v.kind == number {
		return newText(v.literal, v.place)
	}
	return v
}

func (b documentBlock) Texts(name string) (l documentList, at diag.Place, given bool) {
	a := b.body.Attributes[name]
	if a == nil {
		return l, at, false
	}
	v := b.e.value(a.Expr, b.scope)
	at, l.Place = b.e.place(a.NameRange), v.place
	switch v.kind {
	case null:
		return l, at, false
	case list:
		l.More = v.hole
		for _, i := range v.items {
			switch i.kind {
			case text, boolean, number, unknown:
				l.Items = append(l.Items, asText(i))
			case null:
			default:
				l.Items = append(l.Items, b.e.derived(b.scope, a.Expr.Range(), i.firstHole()))
			}
		}
		return l, at, len(v.items) > 0 || v.hole != nil
	case unknown:
		l.More = v.hole
	case text, boolean, number: // Terraform refuses it, or makes a list of it
		l.Items = []*value{asText(v)}
	default:
		l.More = b.e.derived(b.scope, a.Expr.Range(), v.firstHole()).hole
	}
	return l, at, true
}

func (b documentBlock) Blocks(name string) (blocks []policydocument.Block[*value, *hole], more *hole) {
	list, more := b.e.blocks(b.body, name, b.scope)
	for _, m := range list {
		blocks = append(blocks, documentBlock{b.e, m})
	}
	return blocks, more
}

// Documents are those of a text or of a list of texts. One that cannot be read may have any statements.
func (b documentBlock) Documents(name string) (out []document) {
	a := b.body.Attributes[name]
	if a == nil {
		return nil
	}
	v := b.e.value(a.Expr, b.scope)
	if v.kind != list {
		return b.document(nil, v, a.Expr.Range())
	}
	for _, i := range v.items {
		out = b.document(out, i, a.Expr.Range())
	}
	if v.hole != nil {
		out = append(out, document{Hole: v.hole})
	}
	return out
}

// document adds the document of one text.
func (b documentBlock) document(to []document, v *value, r hcl.Range) []document {
	switch {
	case v.kind == null, v.isEmpty():
		return to
	case v.kind == unknown:
		return append(to, document{Hole: v.hole})
	case v.kind == text && v.encoded != nil:
		return append(to, document{Root: v.encoded})
	case v.kind != text:
		return append(to, document{Hole: b.e.derived(b.scope, r, v.firstHole()).hole})
	}
	root, found := b.e.decode(v)
	switch h := v.firstHole(); {
	case root != nil:
		return append(to, document{Root: root})
	case h != nil:
		return append(to, document{Hole: h.within(v)})
	}
	b.e.reportOnce(found)
	return append(to, document{Hole: b.e.derived(b.scope, r, nil).hole})
}

func (b documentBlock) Hole(of *value) *hole {
	if of == nil {
		h := b.e.hole(symbol.Computed, "a block", b.scope, b.place)
		h.Definition = "of " + b.e.identity(b.body.SrcRange, b.scope)
		return h
	}
	return b.e.derived(b.scope, b.body.SrcRange, of.firstHole()).hole
}

// reportOnce reports what is wrong with a text that several values may be made of.
func (e *evaluator) reportOnce(found diag.List) {
	if e.quiet {
		return
	}
	for _, d := range found {
		key := d.Reason + "\x00" + d.Message + "\x00" + d.Place.File + strconv.Itoa(d.Place.Range.Start.Offset)
		if !e.reported[key] {
			e.reported[key] = true
			e.found = append(e.found, d)
		}
	}
}
