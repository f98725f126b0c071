// Package expand puts templates and their parameters into specs. Nodes are substituted, never text, so a
// value can bring in no structure of its own and everything keeps its place: the spec's line, with the
// template's line next to it.
package expand

import (
	"slices"
	"sync"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/compiler/validate"
	"github.com/keypolicy/keypolicy/templates"
)

// Entry is one template of a library with what is wrong with it by itself.
type Entry struct {
	Template *spec.Template
	Findings diag.List // the schema's

	once  sync.Once
	found diag.List // the schema's and those about references and parameters, once judged

	mu     sync.Mutex
	checks map[string]*validate.ParameterCheck // each parameter's schema, compiled when first needed
}

// check judges a value that a use gives to a parameter.
func (e *Entry) check(p *spec.Parameter, value *source.Node) diag.List {
	if !value.IsKnown() {
		return nil
	}
	if found := principalFaults(p, value); len(found) > 0 {
		return found
	}
	e.mu.Lock()
	c := e.checks[p.Name.Text]
	if c == nil {
		c = validate.NewParameterCheck(p.Name.Text, p.Schema)
		if e.checks == nil {
			e.checks = map[string]*validate.ParameterCheck{}
		}
		e.checks[p.Name.Text] = c
	}
	e.mu.Unlock()
	return c.Value(value)
}

// Library is the templates that specs may use: the user's, and the built-in ones. A user's template
// is before a built-in one of the same name. It is safe for concurrent use.
type Library struct {
	user map[string]*Entry

	mu      sync.Mutex
	builtin map[string]*Entry // read when first asked for
}

// NewLibrary makes a library of the user's templates and the built-in ones. Of two user's templates
// of one name the first counts.
func NewLibrary(user []*Entry) *Library {
	l := &Library{user: map[string]*Entry{}, builtin: map[string]*Entry{}}
	for _, e := range user {
		if name := e.Template.Name.Text; l.user[name] == nil {
			l.user[name] = e
		}
	}
	return l
}

// Lookup finds a template by its name; nil where there is none.
func (l *Library) Lookup(name string) *Entry {
	if e := l.user[name]; e != nil {
		return e
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if e := l.builtin[name]; e != nil {
		return e
	}
	text, ok := templates.Read(name)
	if !ok {
		return nil
	}
	file, found := source.Load("builtin:"+name, text, source.DefaultLimits)
	if found.HasErrors() || len(file.Documents) != 1 || file.Documents[0].Root == nil {
		return nil // the tests read every built-in template
	}
	e := NewEntry(file.Documents[0].Root)
	e.Template.Builtin = true
	l.builtin[name] = e
	return e
}

// NewEntry reads a template from its mapping and checks it against the schema.
func NewEntry(root *source.Node) *Entry {
	return &Entry{Template: spec.ParseTemplate(root), Findings: validate.Template(root)}
}

// Names are the names of all templates, sorted.
func (l *Library) Names() []string {
	names := templates.Names()
	for name := range l.user {
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
