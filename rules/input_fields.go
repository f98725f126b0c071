package rules

import (
	_ "embed"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// fields are the names of the fields that the rules that are due read of an input; the zero value is all. Others are left out where
// they are dear to make. It is known of the rules built in, by the texts in them and in the helpers that they use: index.json has it.
type fields struct {
	names map[string]bool
	key   string // distinguishes them from others of the run
}

// newFields are those that rules read: the names in the texts are separated by spaces.
func newFields(texts []string, key string) fields {
	names := map[string]bool{}
	for _, text := range texts {
		for name := range strings.FieldsSeq(text) {
			names[name] = true
		}
	}
	return fields{names, key}
}

// has reports whether a field is in the input. A path always is: without it, two things could be taken for one.
func (f fields) has(name string) bool { return f.all() || f.names[name] || name == "path" }

func (f fields) all() bool { return f.names == nil }

// every field is read.
var every fields

// lazy makes a member of what a function gives, which is called only if the field is read.
func (f fields) lazy(name string, value func() *ast.Term) member {
	if !f.has(name) {
		return member{}
	}
	return field(name, value())
}

// term makes a member of a term; none of nil.
func (f fields) term(name string, value *ast.Term) member {
	return f.lazy(name, func() *ast.Term { return value })
}

func (f fields) text(name, value string) member {
	return f.lazy(name, func() *ast.Term { return text(value) })
}

// known makes a member of a text; none of "".
func (f fields) known(name, value string) member {
	if value == "" {
		return member{}
	}
	return f.text(name, value)
}

func (f fields) truth(name string, value bool) member {
	return f.lazy(name, func() *ast.Term { return truth(value) })
}

// noted makes a member that is true; none of false.
func (f fields) noted(name string, value bool) member {
	if !value {
		return member{}
	}
	return f.truth(name, true)
}

func (f fields) number(name string, value int) member {
	return f.lazy(name, func() *ast.Term { return number(value) })
}

func (f fields) numbers(name string, values []int) member {
	return f.lazy(name, func() *ast.Term { return terms(values, number) })
}

func (f fields) texts(name string, values []string) member {
	return f.lazy(name, func() *ast.Term { return texts(values) })
}

func (f fields) list(name string, values []*ast.Term) member {
	return f.lazy(name, func() *ast.Term { return list(values) })
}

// witness makes a member of a request; none of nil.
func (f fields) witness(name string, w *diag.Witness) member {
	if w == nil {
		return member{}
	}
	return f.lazy(name, func() *ast.Term {
		return object(
			every.text("principal", w.Principal), every.text("action", w.Action),
			every.term("context", byName(w.Context, texts)),
		)
	})
}

// fieldNames are the fields of inputs, by their schemas. An input has thousands: the terms of their names are made once.
var fieldNames = strings.Fields(fieldsFile)

//go:embed input/fields.txt
var fieldsFile string

// commonTexts are what many of them hold.
var commonTexts = strings.Fields(`
	AWS Service Federated Sid Effect Principal NotPrincipal Action NotAction Resource NotResource Condition Version Id Statement
	2012-10-17 * Allow own other trusted none account user role session service anyone lists policy document mapping list string int
	aws key_users key_users_roles key_admins key_admins_roles external_accounts users admins`)

func init() {
	ast.InternStringTerm(fieldNames...)
	ast.InternStringTerm(commonTexts...)
}
