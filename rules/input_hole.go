package rules

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// A rule whose METADATA has `holes: true` sees the values that are not known before a run as they are, and every other rule
// sees fillings of them. What is not known is {"known": false, "path": […], "kind": "…", "ref": "…", "written": "…"}, without
// a text; where it represents what a list or a mapping may have beside what is written it has "open": true too.

// holeTerm is a text of a statement, or of the document, of which not all is known; more are fields of its own.
func holeTerm(root *source.Node, t policy.Text, base, skip int, more ...member) *ast.Term {
	return unknown(t.Parts, pathTerm(t.Path, skip), isOpenAt(root, t.Path[base:]), more...)
}

// unknown makes the fields of what is not known as a whole or in part.
func unknown(t symbol.Text, path *ast.Term, open bool, more ...member) *ast.Term {
	h := t.First()
	return object(append(
		more, every.truth("known", false), every.term("path", path), every.text("kind", string(h.Kind)), every.text("ref", h.Ref),
		every.text("written", t.String()), every.noted("open", open),
	)...)
}

// moreTerm represents what a mapping may have beside what is written, or is as a whole.
func moreTerm(m policy.More, skip int) *ast.Term {
	return unknown(symbol.Of(m.Hole), pathTerm(m.Path, skip), true)
}

// moreTerms are those of an element.
func moreTerms(st *policy.Statement, element string, skip int) []*ast.Term {
	var list []*ast.Term
	for _, m := range st.MoreOf(element) {
		list = append(list, moreTerm(m, skip))
	}
	return list
}

// isOpenAt reports whether a path leads to a list or a mapping, so that what is not known is beside what is written in it.
func isOpenAt(root *source.Node, path diag.Path) bool {
	_, n := root.Resolve(path)
	return n != nil && n.Parts == nil && n.Kind != source.Scalar
}
