package policy

import (
	"iter"
	"path"
	"strconv"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// Text is one string of a document with its path there.
type Text struct {
	Value string // with the references of its holes where it is not known
	Path  diag.Path
	Parts symbol.Text // nil where it is known
}

// Present reports whether the string is in the document at all.
func (t Text) Present() bool { return t.Path != nil }

// Statement is one statement in normal form: lists are lists, a bare "*" is {"AWS": ["*"]}.
// What could not be read is left out here and reported in Document.Problems.
type Statement struct {
	Index int
	Path  diag.Path
	Node  *source.Node

	Sid    Text
	Effect Text // "Allow", "Deny", or what else is written

	Principals    []Principal
	NotPrincipals []Principal
	Actions       []Text
	NotActions    []Text
	Resources     []Text
	NotResources  []Text
	Conditions    []Condition

	More []More // what it may have beside these
}

// Condition is one operator with one key: all of a statement's conditions must hold.
type Condition struct {
	Operator Text // as written, "ForAllValues:StringLikeIfExists"; its path leads to the operator's mapping
	Key      Text // as written; its path leads to the key's values
	Values   []Text
}

// ConditionValues gives each value of the conditions of all statements, with its condition.
func (d *Document) ConditionValues() iter.Seq2[*Condition, Text] {
	return func(yield func(*Condition, Text) bool) {
		for i := range d.Statements {
			for j := range d.Statements[i].Conditions {
				c := &d.Statements[i].Conditions[j]
				for _, v := range c.Values {
					if !yield(c, v) {
						return
					}
				}
			}
		}
	}
}

// Has reports whether the statement has the element, whatever its value.
func (s *Statement) Has(element string) bool { return s.Node.Member(element) != nil }

// Label is the Sid, or the number where there is none: how findings name the statement.
func (s *Statement) Label() string {
	if s.Sid.Value != "" {
		return s.Sid.Value
	}
	return diag.PointerToken(s.Number())
}

// Number is the statement's position, from 0, in the list that it is written in: a document's, a spec's `statements` or a
// template's. A statement that a spec's lists or defaults give has the position in the policy.
func (s *Statement) Number() int {
	if s.Node == nil {
		return s.Index
	}
	written := s.Node.Place
	if n := len(s.Node.Origins); n > 0 {
		written = s.Node.Origins[n-1]
	}
	list, last := path.Split(written.Path)
	if list = path.Base(list); list != "Statement" && list != "statements" {
		return s.Index
	}
	if n, err := strconv.Atoi(last); err == nil {
		return n
	}
	return s.Index
}
