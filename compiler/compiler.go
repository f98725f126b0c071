// Package compiler turns specs into AWS key policies: bytes in, documents and diagnostics out. It knows no
// network, clock or environment, and equal input gives equal output.
package compiler

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/expand"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/compiler/validate"
)

// Input is one file.
type Input struct {
	Name          string // as findings name it
	Text          []byte
	Configuration bool // it is the configuration, whatever its name
	Spec          bool // a mapping that is of no other kind is a spec: by the file's name, the configuration, or on stdin
}

// Defaults are what is given for keys from outside their files; "" is not given.
type Defaults struct {
	Account, Partition, Region, Key string
}

// Options are what a run gives to each file.
type Options struct {
	Flags         Defaults // before what a file says
	Configuration Defaults // after it
	Templates     *expand.Library
	Limits        source.Limits   // DefaultLimits where zero
	UsedBy        []spec.UsedBy   // what the keys of plain policy documents are said to be for
	Keys          []spec.KeyEntry // what is said of keys whose policies are not specs

	// PlanModule gives the module that a Terraform plan is of, by the plan's name; ok is false where it is not at hand. It may be nil.
	PlanModule func(plan string) (m Module, ok bool)
}

// Compile reads a file and compiles its documents. It returns as much as it could build, with all that is
// wrong; a document with a finding of severity error among them has no policies.
func Compile(in Input, opts Options) (*Unit, diag.List) {
	if opts.Limits == (source.Limits{}) {
		opts.Limits = source.DefaultLimits
	}
	if opts.Templates == nil {
		opts.Templates = expand.NewLibrary(nil)
	}
	file, found := read(in, opts.Limits)
	unit := &Unit{File: file}
	unread, total := map[int]bool{}, 0 // documents with an error of reading, and how many there are
	for _, d := range found {
		unread[d.Place.Document] = unread[d.Place.Document] || d.Severity == diag.Error
		total = max(total, d.Place.Document+1)
	}
	if n := len(file.Documents); n > 0 {
		total = max(total, file.Documents[n-1].Index+1)
	}
	for _, d := range file.Documents {
		if !unread[d.Index] && kindOf(in, d.Root) == KindPlan {
			documents, sources, wrong := carried(in, opts, file, d)
			unit.PlanSources = sources
			unit.Documents, found = append(unit.Documents, documents...), append(found, wrong...)
			continue
		}
		c := &compilation{in: in, opts: opts, total: total, out: &Document{Index: d.Index, Root: d.Root}}
		if !unread[d.Index] {
			c.document(d)
			found = append(found, c.found...)
		}
		unit.Documents = append(unit.Documents, c.out)
	}
	found.Sort()
	return unit, found
}

// compilation is the road of one document.
type compilation struct {
	in    Input
	opts  Options
	total int // of the file's documents
	out   *Document
	found diag.List
}

func (c *compilation) document(d *source.Document) {
	kind := kindOf(c.in, d.Root)
	if kind != KindUnknown {
		if c.found = validate.Indentation(d.Root); len(c.found) > 0 {
			return
		}
	}
	c.out.Kind = kind
	switch c.out.Kind {
	case KindConfiguration:
		c.found = validate.Config(d.Root)
		c.found = append(c.found, partitionFault(d.Root.Get("partition"))...)
		c.found = append(c.found, regionFault(d.Root.Get("region"))...)
		c.found = append(c.found, folderFaults(d.Root)...)
		c.found = append(c.found, keyFaults(d.Root)...)
		if d.Index > 0 {
			c.found = append(c.found, secondConfiguration(d))
		}
		c.out.Configuration = spec.ParseConfiguration(d.Root)
	case KindTemplate:
		c.template(d.Root)
	case KindDocument:
		c.policyDocument(d.Root)
	case KindSpec:
		c.spec(d.Root)
		if len(c.out.Policies) == 0 && slices.Equal(c.out.Spec.Given, []spec.Form{spec.FormDefault}) {
			c.out.Spec.Given = nil // what was meant is not known: a form's field may be misspelt
		}
	case KindPlan, KindTerraform: // their keys are documents of their own
	case KindUnknown:
		c.found = append(c.found, c.unknownKind(d))
	}
}

// policyDocument takes a plain policy document, or what holds one.
func (c *compilation) policyDocument(root *source.Node) {
	document := documentOf(root)
	pending := policy.IsPending(document)
	if document.IsString() && !pending {
		inner, found := document.Embedded(c.opts.Limits)
		c.found = append(c.found, found...)
		if found.HasErrors() {
			return
		}
		document = inner
	}
	if !pending {
		c.found = append(c.found, validate.Document(document)...)
		if document.Kind != source.Mapping {
			return
		}
	}
	form := spec.FormDocument
	if root != document {
		form = spec.FormReply
	}
	p := &spec.Compiled{Name: outputName(c.in.Name, c.out.Index), Form: form, Document: policy.Read(document)}
	configured := c.configuredKey("")
	p.Key = configured.documentKey(p.Document)
	configured.apply(p)
	c.out.OutputNode = root
	c.out.Policies = []*spec.Compiled{p}
}

// spec takes a spec: one policy, or one for each of its Regions.
func (c *compilation) spec(root *source.Node) {
	s := spec.Parse(root)
	c.out.Spec = spec.NewDocument(s, c.specKey(s, firstRegion(s)))
	c.out.Spec.Key.Partition = cmp.Or(c.out.Spec.Key.Partition, defaultPartition)
	c.out.OutputNode = root
	if s.Name != nil {
		c.out.OutputNode = s.Name
	}
	c.found = append(c.found, validate.Spec(root)...)
	if len(c.out.Spec.Given) > 1 {
		c.out.Guard = formsGuard(s)
		return
	}
	if !c.found.HasErrors() {
		c.found = append(c.found, checkLocation(s)...)
	}
	if c.found.HasErrors() {
		return
	}
	name := outputName(c.in.Name, c.out.Index)
	if s.Name != nil {
		name = s.Name.Text
	}
	if len(s.Regions) == 0 || c.opts.Flags.Region != "" { // the flag is before the spec
		c.compile(s, name, c.specKey(s, nil))
		return
	}
	listed := map[string]bool{}
	for _, region := range s.Regions {
		if listed[region.Text] {
			c.found = append(c.found, compileFinding(region, "output-name-duplicate", fmt.Sprintf("the Region `%s` is listed twice", region.Text), "remove it"))
			continue
		}
		listed[region.Text] = true
		c.compile(s, name+"."+region.Text, c.specKey(s, region))
	}
}

// compile expands and lowers a spec for one key.
func (c *compilation) compile(s *spec.KeyPolicy, name string, key spec.Key) {
	found := keyKind(s, &key)
	stated := key.Partition
	key.Partition = cmp.Or(key.Partition, defaultPartition)
	result, expandFound := c.opts.Templates.Expand(s, expand.Variables{Account: key.Account, Partition: key.Partition, Region: key.Region, Key: key.ID})
	found = append(found, expandFound...)
	c.out.Uses = result.Uses
	c.usedBy(result.UsedBy)
	l := &lowering{key: key, spec: s}
	form := s.Forms()[0]
	var root *source.Node
	switch {
	case found.HasErrors():
	case result.Policy != nil:
		root, found = wholePolicy(result, c.opts.Limits, found)
	case form == spec.FormDefault:
		root = l.byDefault(l.account())
	default:
		root = l.lists(result)
	}
	found = append(found, l.found...)
	c.found = mergeNew(c.found, found)
	if root == nil || found.HasErrors() {
		return
	}
	document := policy.Read(root)
	if !policy.IsPending(root) {
		c.found = mergeNew(c.found, validate.Document(root))
	}
	key.Partition = stated
	completeKey(&key, document)
	c.out.Policies = append(c.out.Policies, &spec.Compiled{Name: name, Form: form, Key: key, Document: document, Labels: s.Labels})
}

// mergeNew adds what is not yet there: a spec with several Regions has each fault once.
func mergeNew(list, more diag.List) diag.List {
	type findingKey struct {
		place                 diag.Place
		rule, reason, message string
	}
	of := func(d diag.Diagnostic) findingKey { return findingKey{d.Place, d.Rule, d.Reason, d.Message} }
	have := map[findingKey]bool{}
	for _, d := range list {
		have[of(d)] = true
	}
	for _, d := range more {
		if !have[of(d)] {
			have[of(d)] = true
			list = append(list, d)
		}
	}
	return list
}
