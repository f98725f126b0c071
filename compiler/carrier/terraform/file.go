package terraform

import (
	"path"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

func (c *invocation) file() *value {
	v := c.args0()
	if v == nil {
		return nil
	}
	return c.e.fileText(v, c.s, c.r)
}

// read reads a file that an expression names; nil where its name is not known, or where it cannot be read, which is reported.
func (e *evaluator) read(name *value, s *scope, r hcl.Range) *source.File {
	full, ok := e.path(name, s)
	if !ok {
		return nil
	}
	if f := e.sources[full]; f != nil {
		return f
	}
	data, err := e.files.Read(full)
	if err != nil {
		e.reportOutside(err, r)
		return nil
	}
	f, found := source.LoadText(full, data, source.DefaultLimits)
	if found.HasErrors() {
		e.found = append(e.found, found...)
		return nil
	}
	e.sources[full] = f
	return f
}

// path is the name of a file that an expression gives, or of a folder; false where it is not known.
func (e *evaluator) path(name *value, s *scope) (string, bool) {
	written, ok := name.known()
	if !ok || written == "" {
		return "", false
	}
	if !path.IsAbs(written) && !startsWithFolder(name) {
		written = path.Join(e.folder(s.in, "root"), written)
	}
	return path.Clean(written), true
}

func (e *evaluator) reportOutside(err error, r hcl.Range) {
	if isOutside(err) {
		e.report("terraform-file-outside", err.Error(), "keep the file in the repository, or judge the plan: `terraform show -json PLAN`", e.place(r))
	}
}

// startsWithFolder reports whether a name begins with path.module, path.root or path.cwd, so that it is a whole path.
func startsWithFolder(v *value) bool {
	for _, p := range v.pieces {
		if p.literal != "" {
			return p.origin.folder
		}
	}
	return false
}

// fileText is the text of a file.
func (e *evaluator) fileText(name *value, s *scope, r hcl.Range) *value {
	f := e.read(name, s, r)
	if f == nil {
		return e.derived(s, r, name.firstHole())
	}
	bom := f.BOM()
	v := newText(string(f.Text[bom:]), e.placeIn(f))
	v.pieces[0].origin = origin{file: f, start: bom, end: len(f.Text)}
	return v
}

func (c *invocation) templatefile() *value {
	if len(c.args) == 0 {
		return nil
	}
	vars := (*value)(nil)
	if len(c.args) > 1 {
		vars = c.args[1]
	}
	f := c.e.read(c.args[0], c.s, c.r)
	if f == nil {
		return nil
	}
	return c.e.rendered(f, vars, c.s)
}

// rendered is a template file with its variables put in.
func (e *evaluator) rendered(f *source.File, vars *value, s *scope) *value {
	if d, deep := tooDeep(f); deep {
		e.reportOnce(diag.List{d})
		return nil
	}
	bom := f.BOM()
	x, diagnostics := hclsyntax.ParseTemplate(f.Text[bom:], f.Name, hcl.Pos{Line: 1, Column: 1, Byte: bom})
	if diagnostics.HasErrors() {
		for _, d := range diagnostics {
			if d.Severity == hcl.DiagError {
				e.found = append(e.found, syntaxFinding(f, d))
				break
			}
		}
		return nil
	}
	inner := &scope{in: s.in, closed: true, vars: map[string]*value{}}
	if vars != nil {
		if vars.kind != object || vars.hole != nil {
			return nil
		}
		for _, v := range vars.fields {
			inner.vars[v.name.shown()] = v.value
		}
	}
	v := e.value(x, inner)
	if v.kind == failed {
		return nil
	}
	return v
}

// templateFile is what data.template_file gives.
func (e *evaluator) templateFile(b block, r hcl.Range) *value {
	s := b.scope()
	t, vars := e.argument(b, "template"), e.argument(b, "vars")
	if t == nil || t.kind != text || len(t.pieces) != 1 || t.pieces[0].origin.file == nil {
		return e.derived(s, r, t.firstHole())
	}
	o := t.pieces[0].origin
	if o.start != o.file.BOM() || o.end != len(o.file.Text) || o.offsets != nil { // written in place, with $${…}
		return e.derived(s, r, t.firstHole())
	}
	if v := e.rendered(o.file, vars, s); v != nil {
		return v
	}
	return e.derived(s, r, t.firstHole())
}
