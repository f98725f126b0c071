package terraform

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// config is what the files of one folder say: a module as written.
type config struct {
	folder    string
	files     map[string]*source.File
	order     []string // their names
	variables map[string]*hclsyntax.Block
	locals    map[string]*hclsyntax.Attribute
	outputs   map[string]*hclsyntax.Block
	resources map[string]*hclsyntax.Block // by TYPE.NAME, data.TYPE.NAME for data sources
	addresses []string                    // of the resources, in the order of the files
	calls     map[string]*hclsyntax.Block
	callOrder []string
	providers map[string]*hclsyntax.Block // by NAME or NAME.ALIAS
	found     diag.List
	names     map[string]hcl.Range // of what is declared, where it first is
	mentions  bool                 // KMS
	embedded  map[string]model     // texts of the JSON syntax that are parsed by themselves
	major     string               // of the version that a model represents
}

// IsSource reports whether a file is of Terraform's or OpenTofu's language, by its name.
func IsSource(name string) bool {
	return slices.ContainsFunc(suffixes, func(s string) bool { return strings.HasSuffix(name, s) })
}

var suffixes = []string{".tf", ".tofu", ".tf.json", ".tofu.json"}

func isOverride(name string) bool {
	base := trimmed(name)
	return base == "override" || strings.HasSuffix(base, "_override")
}

// sourceFiles are those of a folder's files that make its module, overrides last. Of a.tf and a.tofu only a.tofu counts.
// https://developer.hashicorp.com/terraform/language/files/override
func sourceFiles(all []string) []string {
	var list []string
	for _, name := range all {
		if !IsSource(name) || strings.HasPrefix(name, ".") {
			continue
		}
		if base, isTF := strings.CutSuffix(name, ".tf"); isTF && slices.Contains(all, base+".tofu") {
			continue
		}
		if base, isTF := strings.CutSuffix(name, ".tf.json"); isTF && slices.Contains(all, base+".tofu.json") {
			continue
		}
		list = append(list, name)
	}
	slices.SortStableFunc(list, func(a, b string) int { return cmp.Compare(rank(a), rank(b)) })
	return list
}

func rank(name string) int {
	if isOverride(name) {
		return 1
	}
	return 0
}

// load reads the module of a folder, whose files are then known by their names.
func (e *evaluator) load(folder string) (*config, error) {
	c, err := e.modules.load(folder)
	if err != nil {
		return nil, err
	}
	maps.Copy(e.sources, c.files)
	maps.Copy(e.models, c.embedded)
	return c, nil
}

// Roots are the folders whose modules no other of them calls, of those that have to do with KMS, sorted. Modules that call one
// another in a circle have one root, which reports it.
func (m *Modules) Roots(folders []string) []string {
	called := map[string]bool{}
	below, above := map[string][]string{}, map[string][]string{}
	relevant, seen := map[string]bool{}, map[string]bool{}
	for left := slices.Clone(folders); len(left) > 0; {
		f := left[0]
		left = left[1:]
		if seen[f] {
			continue
		}
		seen[f] = true
		c, err := m.load(f)
		if err != nil {
			relevant[f] = true
			continue
		}
		relevant[f] = c.mentions
		for _, to := range m.calledBy(c) {
			below[f], above[to] = append(below[f], to), append(above[to], f)
			called[to] = called[to] || to != f
			left = append(left, to)
		}
	}
	concerned := map[string]bool{}
	for f := range seen {
		if relevant[f] {
			spread(f, above, concerned)
		}
	}
	reached := map[string]bool{}
	var roots []string
	for _, cycles := range []bool{false, true} {
		for _, f := range folders {
			if called[f] != cycles || reached[f] {
				continue
			}
			spread(f, below, reached)
			if concerned[f] {
				roots = append(roots, f)
			}
		}
	}
	slices.Sort(roots)
	return roots
}

// calledBy are the folders of the modules that a module calls by path, and of those that `terraform init` has fetched for it.
func (m *Modules) calledBy(c *config) []string {
	var list []string
	fetched := false
	for _, name := range c.callOrder {
		source, _ := literal(c.calls[name].Body, "source")
		if isPath(source) {
			list = append(list, path.Join(c.folder, source))
		}
		fetched = fetched || !isPath(source)
	}
	if fetched {
		installed := installedIn(m.files, c.folder)
		for _, key := range slices.Sorted(maps.Keys(installed)) {
			list = append(list, installed[key])
		}
	}
	return list
}

// spread adds a folder and all that lead from it to a set.
func spread(f string, to map[string][]string, set map[string]bool) {
	for left := []string{f}; len(left) > 0; {
		f, left = left[len(left)-1], left[:len(left)-1]
		if !set[f] {
			set[f] = true
			left = append(left, to[f]...)
		}
	}
}

func isPath(source string) bool {
	return strings.HasPrefix(source, "./") || strings.HasPrefix(source, "../") || source == "." || source == ".."
}

// read takes one file into the module.
func (c *config) read(name string, data []byte) {
	file, found := source.LoadText(name, data, source.DefaultLimits)
	c.files[name] = file
	c.order = append(c.order, name)
	c.found = append(c.found, found...)
	if found.HasErrors() {
		return
	}
	if isJSON(name) {
		body, embedded, wrong := parseJSON(file, false)
		c.found = append(c.found, wrong...)
		if !wrong.HasErrors() {
			maps.Copy(c.embedded, embedded)
			c.take(body, isOverride(path.Base(name)))
		}
		return
	}
	if d, deep := tooDeep(file); deep {
		c.found = append(c.found, d)
		return
	}
	body, wrong := parse(file)
	c.found = append(c.found, wrong...)
	if !wrong.HasErrors() {
		suppressions(file, body)
		c.take(body, isOverride(path.Base(name)))
	}
}

// parse reads a file's HCL.
func parse(file *source.File) (*hclsyntax.Body, diag.List) {
	bom := file.BOM()
	parsed, diagnostics := hclsyntax.ParseConfig(file.Text[bom:], file.Name, hcl.Pos{Line: 1, Column: 1, Byte: bom})
	var found diag.List
	for _, d := range diagnostics {
		if d.Severity == hcl.DiagError {
			found = append(found, syntaxFinding(file, d))
		}
	}
	body, _ := parsed.Body.(*hclsyntax.Body)
	return body, found
}

func syntaxFinding(file *source.File, d *hcl.Diagnostic) diag.Diagnostic {
	out := diag.Diagnostic{
		Rule: "syntax", Reason: "syntax-error", Severity: diag.Error, Message: "the file is not valid HCL: " + phrase(d.Summary), Help: phrase(d.Detail),
		Place: diag.Place{File: file.Name},
	}
	if d.Subject != nil {
		out.Place.Range = file.Span(d.Subject.Start.Byte, d.Subject.End.Byte)
	}
	return out
}

func phrase(text string) string { return diag.Phrase(strings.Join(strings.Fields(text), " ")) }

// take adds what a file declares. An override changes what is declared already, attribute by attribute.
func (c *config) take(body *hclsyntax.Body, override bool) {
	c.declared(body, override)
	for _, b := range body.Blocks {
		switch {
		case b.Type == "locals":
			maps.Copy(c.locals, b.Body.Attributes)
		case b.Type == "variable" && len(b.Labels) == 1:
			c.variables[b.Labels[0]] = merged(c.variables[b.Labels[0]], b, override)
		case b.Type == "output" && len(b.Labels) == 1:
			c.outputs[b.Labels[0]] = merged(c.outputs[b.Labels[0]], b, override)
		case b.Type == "module" && len(b.Labels) == 1:
			if c.calls[b.Labels[0]] == nil {
				c.callOrder = append(c.callOrder, b.Labels[0])
			}
			c.calls[b.Labels[0]] = merged(c.calls[b.Labels[0]], b, override)
		case b.Type == "provider" && len(b.Labels) == 1:
			name := b.Labels[0]
			if alias, ok := literal(b.Body, "alias"); ok {
				name += "." + alias
			}
			c.providers[name] = merged(c.providers[name], b, override)
		case (b.Type == "resource" || b.Type == "data") && len(b.Labels) == 2:
			address := b.Labels[0] + "." + b.Labels[1]
			if b.Type == "data" {
				address = "data." + address
			}
			if c.resources[address] == nil {
				c.addresses = append(c.addresses, address)
			}
			c.resources[address] = merged(c.resources[address], b, override)
		}
	}
}

// merged is a block with the attributes of an override in place of its own; nested blocks of a type replace all of that type.
func merged(have, b *hclsyntax.Block, override bool) *hclsyntax.Block {
	if have == nil || !override {
		return b
	}
	c, body := *have, *have.Body
	body.Attributes = hclsyntax.Attributes{}
	maps.Copy(body.Attributes, have.Body.Attributes)
	maps.Copy(body.Attributes, b.Body.Attributes)
	body.Blocks = slices.DeleteFunc(slices.Clone(have.Body.Blocks), func(old *hclsyntax.Block) bool {
		return slices.ContainsFunc(b.Body.Blocks, func(n *hclsyntax.Block) bool { return blockType(n) == blockType(old) })
	})
	body.Blocks = append(body.Blocks, b.Body.Blocks...)
	c.Body = &body
	return &c
}

// blockType is what a block is, a dynamic one what it makes.
func blockType(b *hclsyntax.Block) string {
	if b.Type == "dynamic" && len(b.Labels) == 1 {
		return b.Labels[0]
	}
	return b.Type
}

// literal is an attribute that is written as a text without references.
func literal(body *hclsyntax.Body, name string) (string, bool) {
	a := body.Attributes[name]
	if a == nil {
		return "", false
	}
	v, diagnostics := a.Expr.Value(nil)
	if diagnostics.HasErrors() || v.IsNull() || !v.IsKnown() || v.Type().FriendlyName() != "string" {
		return "", false
	}
	return v.AsString(), true
}
