package terraform

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/keypolicy/keypolicy/compiler/source"
)

// Two holes are equal where what gives them their value is: the words of an expression and the values of all that it refers to. Where
// it is written does not matter, so a line above it changes nothing, and another value of a local behind it does.

// identities are those that were found, and what is needed to find them.
type identities struct {
	byPlace     map[string]string
	identifying map[string]bool
	quiet       bool // what is evaluated is looked at only: nothing is reported of it
	revisionOf  int  // of how many sources revisionID is
	revisionID  string
}

// identity is one text for expressions, and blocks, that give the same value in every run, of one module or of two revisions of it.
func (e *evaluator) identity(r hcl.Range, s *scope) string {
	text := e.bytes(r)
	if text == nil || e.depth > deepestValue || e.budget < 0 {
		return e.revision()
	}
	key := identityKey(r, s)
	id, have := e.byPlace[e.cached(key)]
	switch {
	case have:
		return id
	case e.identifying[key]: // it is made of itself: what it refers to is in it anyway
		return "written " + oneLine(string(text))
	case key != "":
		e.identifying[key] = true
		defer delete(e.identifying, key)
	}
	h := sha256.New()
	all, tokens := parts(text, r)
	if tokens == nil {
		h.Write([]byte(e.revision()))
		h.Write(text)
	}
	for _, t := range tokens {
		if t.Type != hclsyntax.TokenNewline && t.Type != hclsyntax.TokenComment {
			h.Write(t.Bytes)
			h.Write([]byte{0})
		}
	}
	e.quietly(func() {
		for _, t := range all.references {
			e.identify(h, t, s)
		}
		for _, call := range all.files {
			e.identifyFile(h, call, s)
		}
	})
	for up := s; up != nil; up = up.parent {
		for _, name := range slices.Sorted(maps.Keys(up.vars)) {
			if strings.HasPrefix(name, splatMark) {
				h.Write([]byte("\x00" + up.vars[name].key()))
			}
		}
	}
	id = hex.EncodeToString(h.Sum(nil))
	if key != "" && s.plain() {
		e.byPlace[e.cached(key)] = id
	}
	return id
}

// identityKey is one text for one place of one instance.
func identityKey(r hcl.Range, s *scope) string {
	label := ""
	if each := s.instanceOf(); each != nil {
		label = each.label
	}
	return s.in.address + label + "\x00" + r.Filename + ":" + strconv.Itoa(r.Start.Byte) + "-" + strconv.Itoa(r.End.Byte)
}

// plain reports whether nothing but the module's own names is seen.
func (s *scope) plain() bool {
	for ; s != nil; s = s.parent {
		if len(s.vars) > 0 {
			return false
		}
	}
	return true
}

// identify writes what a reference comes to.
func (e *evaluator) identify(h hash.Hash, t hcl.Traversal, s *scope) {
	write := func(t hcl.Traversal) *value {
		v := e.traverse(t, s, t.SourceRange())
		h.Write([]byte("\x00" + v.key()))
		return v
	}
	v := write(t)
	switch root := t.RootName(); {
	case s.lookup(root) != nil:
		write(t[:1])
	case root == "var" || root == "local" || root == "each":
		write(t[:min(2, len(t))])
	case root == "module" && len(t) > 1, root == "data" && len(t) > 2, len(t) > 1 && s.in.config.resources[root+"."+stepName(t[1])] != nil:
		h.Write([]byte("\x00" + e.definition(e.blockOf(t, s))))
	}
	if v.kind == handle {
		h.Write([]byte("\x00" + e.definition(v.block)))
	}
}

// blockOf is the block whose attribute a reference names.
func (e *evaluator) blockOf(t hcl.Traversal, s *scope) block {
	b := block{in: s.in, name: t.RootName() + "." + stepName(t[1])}
	if b.isCall = t.RootName() == "module"; b.isCall {
		b.body = s.in.config.calls[stepName(t[1])]
		return b
	}
	if t.RootName() == "data" {
		b.name += "." + stepName(t[2])
	}
	b.body = s.in.config.resources[b.name]
	return b
}

func stepName(step hcl.Traverser) string {
	if a, ok := step.(hcl.TraverseAttr); ok {
		return a.Name
	}
	return ""
}

// identifyFile writes the text of a file that a function reads.
func (e *evaluator) identifyFile(h hash.Hash, x *hclsyntax.FunctionCallExpr, s *scope) {
	if len(x.Args) == 0 {
		return
	}
	if f := e.read(e.value(x.Args[0], s), s, x.Range()); f != nil {
		h.Write(append([]byte{0}, f.Text...))
	}
}

// naming are the arguments by which resources get what their attributes are known by.
var naming = []string{"name", "name_prefix", "path", "bucket", "bucket_prefix", "function_name", "user", "role", "identifier", "account_id", "provider"}

// definition is one text for blocks whose attributes are equal in every run: of a data source or a call of a module by all that it is
// given, of a resource by its names. "" where nothing is given.
func (e *evaluator) definition(b block) string {
	if b.body == nil {
		return ""
	}
	key := "definition of " + b.address()
	if b.in.busy[key] {
		return ""
	}
	b.in.busy[key] = true
	defer delete(b.in.busy, key)
	s := &scope{in: b.in, each: b.each}
	h, given := sha256.New(), false
	for _, name := range slices.Sorted(maps.Keys(b.body.Body.Attributes)) {
		a := b.body.Body.Attributes[name]
		if name == "tags" || name == "depends_on" || !b.isCall && !b.isData() && !slices.Contains(naming, name) {
			continue
		}
		given = true
		h.Write([]byte(name + "\x00" + e.identity(a.Expr.Range(), s) + "\x00"))
	}
	if b.isCall || b.isData() {
		for _, inner := range b.body.Body.Blocks {
			given = true
			h.Write([]byte(e.identity(inner.Range(), s) + "\x00"))
		}
	}
	if !given {
		return ""
	}
	return "defined " + hex.EncodeToString(h.Sum(nil))
}

// revision is one text for what is read so far, without its names: it is another one where any file is.
func (e *evaluator) revision() string {
	if e.revisionOf == len(e.sources) {
		return e.revisionID
	}
	h := sha256.New()
	var texts []string
	for _, f := range e.sources {
		sum := sha256.Sum256(f.Text)
		texts = append(texts, string(sum[:]))
	}
	slices.Sort(texts)
	for _, t := range texts {
		h.Write([]byte(t))
	}
	e.revisionOf, e.revisionID = len(e.sources), "revision "+hex.EncodeToString(h.Sum(nil))
	return e.revisionID
}

// quietly evaluates without reporting or noting what that rests on: what is evaluated is looked at, and is not of the policy.
func (e *evaluator) quietly(eval func()) {
	before := e.quiet
	e.quiet = true
	e.noting(eval)
	e.quiet = before
}

// bytes are what a range has; nil where its file is not there.
func (e *evaluator) bytes(r hcl.Range) []byte {
	f := e.sourceOf(r)
	if f == nil || r.End.Byte > len(f.Text) || r.Start.Byte > r.End.Byte {
		return nil
	}
	return f.Text[r.Start.Byte:r.End.Byte]
}

func (e *evaluator) sourceOf(r hcl.Range) *source.File {
	if m, ok := e.models[r.Filename]; ok {
		return m.file
	}
	return e.sources[r.Filename]
}

// inside is what a piece of HCL refers to, outside of its own loops.
type inside struct {
	references []hcl.Traversal
	files      []*hclsyntax.FunctionCallExpr // that read a file
}

// parts reads a piece of HCL: an expression, a template, or a block. tokens are nil where it is none of them.
func parts(text []byte, r hcl.Range) (out inside, tokens hclsyntax.Tokens) {
	if x, d := hclsyntax.ParseExpression(text, r.Filename, r.Start); !d.HasErrors() {
		out.expression(x, nil)
		tokens, _ = hclsyntax.LexExpression(text, r.Filename, r.Start)
		return out, tokens
	}
	if f, d := hclsyntax.ParseConfig(text, r.Filename, r.Start); !d.HasErrors() {
		if b, ok := f.Body.(*hclsyntax.Body); ok {
			out.body(b, nil)
		}
		tokens, _ = hclsyntax.LexConfig(text, r.Filename, r.Start)
		return out, tokens
	}
	if x, d := hclsyntax.ParseTemplate(text, r.Filename, r.Start); !d.HasErrors() {
		out.expression(x, nil)
		tokens, _ = hclsyntax.LexTemplate(text, r.Filename, r.Start)
		return out, tokens
	}
	return out, nil
}

func (i *inside) expression(x hclsyntax.Expression, iterators []string) {
	for _, t := range hclsyntax.Variables(x) {
		if !slices.Contains(iterators, t.RootName()) {
			i.references = append(i.references, t)
		}
	}
	_ = hclsyntax.VisitAll(x, func(n hclsyntax.Node) hcl.Diagnostics {
		if call, ok := n.(*hclsyntax.FunctionCallExpr); ok && strings.Contains(call.Name, "file") {
			i.files = append(i.files, call)
		}
		return nil
	})
}

func (i *inside) body(b *hclsyntax.Body, iterators []string) {
	for _, name := range slices.Sorted(maps.Keys(b.Attributes)) {
		if name != "iterator" {
			i.expression(b.Attributes[name].Expr, iterators)
		}
	}
	for _, inner := range b.Blocks {
		names := iterators
		if inner.Type == "dynamic" && len(inner.Labels) == 1 {
			iterator := inner.Labels[0]
			if a := inner.Body.Attributes["iterator"]; a != nil {
				if name := hcl.ExprAsKeyword(a.Expr); name != "" {
					iterator = name
				}
			}
			names = append(slices.Clone(iterators), iterator)
		}
		i.body(inner.Body, names)
	}
}
