// Package policydocument says what Terraform's data source aws_iam_policy_document means: which policy its blocks give, and the
// documents that it is made of. A carrier gives its own blocks and values.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
package policydocument

import (
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// Values are what a carrier makes a policy of. V is a value, and H represents what is not known of one: the zero H where all is.
type Values[V any, H comparable] interface {
	Text(literal string, at diag.Place) V
	List(l List[V, H]) V
	Object(o Object[V, H]) V

	// AsList and AsObject take a value apart; false where it is something else, or not known.
	AsList(v V) (List[V, H], bool)
	AsObject(v V) (Object[V, H], bool)

	// Hole is what represents a value of which nothing is known.
	Hole(v V) (H, bool)

	// Known is a text, a number or a boolean that is known as a whole.
	Known(v V) (Scalar, bool)

	// WithVariables is a value whose literal texts are as the function WithVariables gives them.
	WithVariables(v V) V

	// ID is one text for all values that are equal in every run.
	ID(v V) string

	// And represents what two holes do.
	And(a, b H) H
}

// Scalar is a value without members.
type Scalar struct {
	Text     string
	IsNumber bool
}

// List is a list, with what may be in it beside its items.
type List[V any, H comparable] struct {
	Place diag.Place
	Items []V
	More  H
}

// Object is an object, with what may be in it beside its fields.
type Object[V any, H comparable] struct {
	Place  diag.Place
	Fields []Field[V]
	More   H
}

func (o Object[V, H]) isEmpty() bool {
	var none H
	return len(o.Fields) == 0 && o.More == none
}

// Field is one of an object's. Its name is a text, which need not be known.
type Field[V any] struct{ Name, Value V }

// Block is a block of the data source, the outermost one or one in it.
type Block[V any, H comparable] interface {
	Place() diag.Place

	// Text is an argument that is a text; false where none is given, or an empty one.
	Text(name string) (v V, at diag.Place, given bool)

	// Texts is an argument that is a list of texts; false where none is given, or an empty one.
	Texts(name string) (l List[V, H], at diag.Place, given bool)

	// Blocks are the nested blocks of a type; more represents those that are not known.
	Blocks(name string) (list []Block[V, H], more H)

	// Documents are those of an argument that is a document's text, or a list of such texts.
	Documents(name string) []Document[V, H]

	// Hole represents the block where a value that its form depends on is not known, or, with the zero V, is not given.
	Hole(of V) H
}

// Document is one that a document is made of: what its text says, or what represents it where that is not known.
type Document[V any, H comparable] struct {
	Root V
	Hole H // the zero H where Root is there
}

func (p *policies[V, H]) known(v V) (string, bool) {
	s, known := p.Known(v)
	return s.Text, known
}

// get is a field of an object.
func (p *policies[V, H]) get(o Object[V, H], name string) (v V, has bool) {
	for _, f := range o.Fields {
		if s, known := p.known(f.Name); known && s == name {
			return f.Value, true
		}
	}
	return v, false
}

// set is a list without what it has twice: most arguments are sets.
func (p *policies[V, H]) set(l List[V, H]) V {
	have := make(map[string]bool, len(l.Items))
	items := make([]V, 0, len(l.Items))
	for _, item := range l.Items {
		if id := p.ID(item); !have[id] {
			have[id] = true
			items = append(items, item)
		}
	}
	return p.List(List[V, H]{l.Place, items, l.More})
}

// WithVariables is a text with IAM's variables, which the data source takes as &{…}, as IAM has them.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document#context-variable-interpolation
func WithVariables(text string) string { return strings.ReplaceAll(text, "&{", "${") }
