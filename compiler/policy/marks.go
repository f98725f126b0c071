package policy

import (
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// Symbolic is the document's root, in which each mark that is left to be filled in is a hole as well. Paths and texts are the
// same as in Root.
func (d *Document) Symbolic() *source.Node {
	s := symbolizer{of: d.Root, root: d.Root}
	s.text(d.Version)
	s.text(d.ID)
	for i := range d.Statements {
		st := &d.Statements[i]
		s.text(st.Sid)
		s.text(st.Effect)
		for _, list := range [...][]Text{st.Actions, st.NotActions, st.Resources, st.NotResources} {
			s.texts(list)
		}
		for _, list := range [...][]Principal{st.Principals, st.NotPrincipals} {
			for _, p := range list {
				s.put(p.Path, p.Parts, false)
			}
		}
		for _, c := range st.Conditions {
			s.put(c.Operator.Path, c.Operator.Parts, true)
			s.put(c.Key.Path, c.Key.Parts, true)
			s.texts(c.Values)
		}
	}
	return s.root
}

type symbolizer struct{ of, root *source.Node }

func (s *symbolizer) text(t Text) { s.put(t.Path, t.Parts, false) }

func (s *symbolizer) texts(list []Text) {
	for _, t := range list {
		s.text(t)
	}
}

// put gives the value at a path, or the field's name, its parts. The root is copied once one has to be put.
func (s *symbolizer) put(path diag.Path, parts symbol.Text, atKey bool) {
	if parts == nil {
		return
	}
	key, n := s.root.Resolve(path)
	if atKey {
		n = key
	}
	if n == nil || n.Parts != nil || n.Kind != source.Scalar {
		return
	}
	if s.root == s.of {
		s.root = s.of.Clone()
		s.put(path, parts, atKey)
		return
	}
	n.Parts = parts
}
