// Package policy is the AWS side: policy documents in a typed normal form, principals, ARNs, and the
// document's JSON. A document is on the nodes that it was read from or lowered to, so every
// value of it has a path and, through the SourceMap, a place in the user's file.
package policy

import (
	"cmp"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// Document is a policy document.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
type Document struct {
	Root       *source.Node
	Version    Text
	ID         Text
	Statements []Statement
	Problems   []Problem // what could not be read: the document says less here than is written
	Map        SourceMap

	More     *symbol.Hole // what represents further statements, or for the whole document
	symbolic bool         // it has holes
}

// Problem is a value of a type or a name that the policy grammar does not have at that place.
type Problem struct {
	Path diag.Path
	Kind ProblemKind
	Want string // what the grammar has there, in words

	Parts symbol.Text // of a text that is still to be filled in, nil of others
}

// ProblemKind says what the grammar does not have.
type ProblemKind string

// The kinds of problems.
const (
	WrongType     ProblemKind = "type"      // a value of another type than is due
	UnknownName   ProblemKind = "name"      // an element that there is not
	PrincipalForm ProblemKind = "principal" // a Principal that is neither "*" nor a mapping
	PrincipalKey  ProblemKind = "key"       // a field of Principal that there is not
)

// Current is the version of the policy language in which variables work.
const Current = "2012-10-17"

// Read reads a document from its root. It never fails: what it cannot read is in Problems.
func Read(root *source.Node) *Document {
	r := reader{doc: &Document{Root: root, Map: SourceMap{root}}}
	if h := root.Hole(); h != nil {
		r.doc.More, r.doc.symbolic = h, true
		return r.doc
	}
	if IsPending(root) && r.further(root) {
		return r.doc
	}
	if root == nil || root.Kind != source.Mapping {
		r.problem(WrongType, diag.Path{}, "a mapping with Version and Statement")
		return r.doc
	}
	for _, m := range root.Members {
		path := diag.Path{m.Key.Text}
		switch m.Key.Text {
		case "Version":
			r.doc.Version = r.text(m.Value, path)
		case "Id":
			r.doc.ID = r.text(m.Value, path)
		case "Statement":
			r.statements(m.Value, path)
		default:
			r.problem(UnknownName, path, "Version, Id or Statement")
		}
	}
	return r.doc
}

type reader struct {
	doc *Document
	st  *Statement // that is being read
}

func (r *reader) problem(kind ProblemKind, path diag.Path, want string) {
	r.doc.Problems = append(r.doc.Problems, Problem{Path: path, Kind: kind, Want: want})
}

// misread takes down that a node is not of the form that is due; a text that is still to be filled in may become one.
func (r *reader) misread(n *source.Node, kind ProblemKind, path diag.Path, want string) {
	r.problem(kind, path, want)
	if n.IsString() {
		read := parts(n, true)
		r.doc.Problems[len(r.doc.Problems)-1].Parts = read
		r.doc.symbolic = r.doc.symbolic || read != nil
	}
}

func (r *reader) statements(n *source.Node, path diag.Path) {
	if h := cmp.Or(n.Hole(), n.Open); h != nil {
		r.doc.More, r.doc.symbolic = h, true
	}
	if n.Hole() != nil || r.further(n) {
		return
	}
	switch n.Kind {
	case source.Mapping: // one statement may be without its list
		r.statement(n, path)
	case source.Sequence:
		for i, item := range n.Items {
			r.statement(item, path.Append(i))
		}
	case source.Scalar:
		r.problem(WrongType, path, "a list of statements")
	}
}

// further reads a text that is still to be filled in where statements are due: it may become any.
func (r *reader) further(n *source.Node) bool {
	if !n.IsString() {
		return false
	}
	h := parts(n, true).First()
	if h != nil {
		r.doc.More, r.doc.symbolic = h, true
	}
	return h != nil
}

func (r *reader) statement(n *source.Node, path diag.Path) {
	if h := n.Hole(); h != nil {
		r.doc.More, r.doc.symbolic = h, true
		return
	}
	if r.further(n) {
		return
	}
	if n.Kind != source.Mapping {
		r.problem(WrongType, path, "a statement, which is a mapping")
		return
	}
	st := Statement{Index: len(r.doc.Statements), Path: path, Node: n}
	r.st = &st
	r.more("", n, path)
	for _, m := range n.Members {
		p := path.Append(m.Key.Text)
		switch m.Key.Text {
		case "Sid":
			st.Sid = r.text(m.Value, p)
		case "Effect":
			st.Effect = r.text(m.Value, p)
		case "Principal":
			st.Principals = r.principals(m.Value, p)
		case "NotPrincipal":
			st.NotPrincipals = r.principals(m.Value, p)
		case "Action":
			st.Actions = r.texts(m.Value, p)
		case "NotAction":
			st.NotActions = r.texts(m.Value, p)
		case "Resource":
			st.Resources = r.texts(m.Value, p)
		case "NotResource":
			st.NotResources = r.texts(m.Value, p)
		case "Condition":
			st.Conditions = r.conditions(m.Value, p)
		default:
			r.problem(UnknownName, p, "an element of a statement")
		}
	}
	r.doc.Statements = append(r.doc.Statements, st)
}

// Partition is the one partition that the policy's principals are in; "" where they are in none or in several.
func (d *Document) Partition() string {
	found := ""
	for i := range d.Statements {
		for _, p := range slices.Concat(d.Statements[i].Principals, d.Statements[i].NotPrincipals) {
			switch p.Partition {
			case "", found:
			default:
				if found != "" {
					return ""
				}
				found = p.Partition
			}
		}
	}
	return found
}
