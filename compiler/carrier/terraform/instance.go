package terraform

import (
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// evaluator evaluates the modules of one root.
type evaluator struct {
	files    Files
	modules  *Modules
	models   map[string]model // by file
	root     *instance
	sources  map[string]*source.File
	budget   int // how many values may still be made
	depth    int
	found    diag.List
	reported map[string]bool   // what is reported once
	manifest map[string]string // the folders of fetched modules
	given    map[string]bool   // the folders whose findings are in found
	skipped  map[string]bool   // the folders that have no keys, and are not evaluated in search of some
	choices  map[string]choice // that the values rest on, by their ids
	assumed  map[string]int    // the options that are supposed of choices, by their ids
	worlds   *worlds           // for what there is in some world only; nil within a world
	reading
	identities
}

// model is a file that represents a module that is not there, with the place of its call.
type model struct {
	file  *source.File
	place diag.Place
}

// budget is far above what the largest repositories need.
const budget = 2_000_000

// instance is a module as it is called.
type instance struct {
	config    *config
	address   string // module.logs[0]; "" for the root
	name      string // of its call; "" for the root
	call      *scope // of the caller's block; nil for the root
	arguments *hclsyntax.Body
	providers map[string]string // by the names in the module, those of the root
	variables map[string]*value
	locals    map[string]*value
	values    map[string]*value // of a root's variables, from files and flags
	busy      map[string]bool   // what is being evaluated
	calls     map[string]*call
	up        *instance
	rests     names // the defaults that what its call gives to each instance rests on
}

// scope is where an expression is evaluated.
type scope struct {
	in     *instance
	parent *scope
	vars   map[string]*value // of for expressions, dynamic blocks and templates
	each   *each
	closed bool // a template file: nothing but its own variables is seen
}

// each is one of the instances that count or for_each makes.
type each struct {
	key   *value // each.key, or count.index
	value *value // each.value; nil for count
	label string // [0] or ["a"]; "" where it is not known
}

func (s *scope) with(vars map[string]*value) *scope { return &scope{in: s.in, parent: s, vars: vars} }

func (s *scope) lookup(name string) *value {
	for ; s != nil; s = s.parent {
		if v := s.vars[name]; v != nil {
			return v
		}
	}
	return nil
}

func (s *scope) instanceOf() *each {
	for ; s != nil; s = s.parent {
		if s.each != nil {
			return s.each
		}
	}
	return nil
}

func (s *scope) isClosed() bool {
	for ; s != nil; s = s.parent {
		if s.closed {
			return true
		}
	}
	return false
}

func newInstance(c *config, address string) *instance {
	return &instance{
		config: c, address: address, variables: map[string]*value{}, locals: map[string]*value{}, busy: map[string]bool{}, calls: map[string]*call{},
		providers: map[string]string{},
	}
}

// place is where a range of HCL is. HCL counts columns in grapheme clusters, findings in characters.
func (e *evaluator) place(r hcl.Range) diag.Place {
	if m, ok := e.models[r.Filename]; ok {
		return m.place
	}
	return placeOf(e.sources, r)
}

// placeOf is where a range is in the files that are read.
func placeOf(files map[string]*source.File, r hcl.Range) diag.Place {
	p := diag.Place{File: r.Filename}
	if f := files[r.Filename]; f != nil {
		p.Range = f.Span(r.Start.Byte, r.End.Byte)
	}
	return p
}

// written is an expression unchanged in the file, on one line.
func (e *evaluator) written(r hcl.Range) string {
	text := e.bytes(r)
	if text == nil {
		return "an expression"
	}
	return oneLine(string(text))
}

// unknown is a value that an expression gives and that is not known, by its reference.
func (e *evaluator) unknown(k symbol.Kind, ref string, s *scope, place diag.Place) *value {
	return newUnknown(e.hole(k, ref, s, place))
}

func (e *evaluator) hole(k symbol.Kind, ref string, s *scope, place diag.Place) *hole {
	h := &hole{Hole: symbol.Hole{Kind: k, Ref: ref, Place: place}}
	if s != nil {
		h.Instance = s.in.address
		if i := s.instanceOf(); i != nil {
			h.Instance += i.label
		}
	}
	return h
}

// derived is a value that is not known because it is made of one that is not: its reference is the expression. The same words
// about the same values are the same value, wherever they are written.
func (e *evaluator) derived(s *scope, r hcl.Range, from *hole) *value {
	ref := e.written(r)
	const longest = 60
	h := e.hole(symbol.Variable, e.shortly(r), s, e.place(r))
	if len(ref) > longest && from != nil {
		h.Ref = from.Ref
	}
	h.Definition = "derived " + e.identity(r, s)
	return newUnknown(h)
}

func (e *evaluator) report(reason, message, help string, place diag.Place) {
	if e.quiet {
		return
	}
	key := reason + "\x00" + message + "\x00" + place.File + strconv.Itoa(place.Range.Start.Offset)
	if e.reported[key] {
		return
	}
	e.reported[key] = true
	e.found = append(e.found, diag.Diagnostic{
		Rule: "compile", Reason: reason, Category: "references", Severity: diag.Error, Message: message, Help: help, Place: place,
	})
}

// once evaluates a named value of a module once. A cycle is reported, and its value not known.
func (e *evaluator) once(in *instance, cache map[string]*value, kind, name string, place diag.Place, eval func() *value) *value {
	kept := e.cached(name)
	rests := resting{in, kind + "." + kept}
	if v, ok := cache[kept]; ok {
		e.note(e.rests[rests])
		return v
	}
	key := kind + "." + name
	if in.busy[rests.name] {
		e.report("terraform-cycle", "`"+key+"` refers to itself, directly or through others", "remove the reference that leads back to it", place)
		return e.unknown(symbol.Computed, key, &scope{in: in}, place)
	}
	in.busy[rests.name] = true
	var v *value
	used := e.noting(func() { v = eval() })
	e.rests[rests] = used
	e.note(used)
	delete(in.busy, rests.name)
	cache[kept] = v
	return v
}

func (e *evaluator) local(in *instance, name string, place diag.Place) *value {
	if name == "major" && in.config.major != "" {
		return newNumber(in.config.major, place)
	}
	a := in.config.locals[name]
	if a == nil {
		return e.unknown(symbol.Variable, "local."+name, &scope{in: in}, place)
	}
	return e.once(in, in.locals, "local", name, e.place(a.NameRange), func() *value { return e.value(a.Expr, &scope{in: in}) })
}

// variable is what the caller, a file of values or the default gives for a variable.
func (e *evaluator) variable(in *instance, name string, place diag.Place) *value {
	b := in.config.variables[name]
	return e.once(in, in.variables, "var", name, place, func() *value {
		var v *value
		switch {
		case in.arguments != nil && in.arguments.Attributes[name] != nil:
			v = e.value(in.arguments.Attributes[name].Expr, in.call)
		case in.values[name] != nil:
			v = in.values[name]
		}
		if b == nil {
			if v == nil {
				return e.unknown(symbol.Variable, "var."+name, &scope{in: in}, place)
			}
			return v
		}
		def := b.Body.Attributes["default"]
		if nullable, ok := b.Body.Attributes["nullable"]; v != nil && v.kind == null && ok && e.value(nullable.Expr, &scope{in: in}).literal == "false" {
			v = nil
		}
		switch {
		case v == nil && def != nil && in == e.root:
			v = e.byDefault(in, name, b, def)
		case v == nil && def != nil:
			v = e.value(def.Expr, &scope{in: in})
		}
		if v == nil {
			return e.unknown(symbol.Variable, "var."+name, &scope{in: in}, e.place(b.DefRange()))
		}
		if t := b.Body.Attributes["type"]; t != nil {
			v = e.convert(v, t.Expr, in)
		}
		return v
	})
}

// ofEach is what an instance is made by that is not known.
func (e *evaluator) ofEach(ref string, by *hclsyntax.Attribute, s *scope, place diag.Place) *value {
	h := e.hole(symbol.Variable, ref, s, place)
	h.Definition = "of " + e.identity(by.Expr.Range(), s)
	return newUnknown(h)
}
