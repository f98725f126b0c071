package terraform

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/keypolicy/keypolicy/compiler/carrier"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// keyTypes are the resources that are a key. https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_key
var keyTypes = []string{"aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key", "aws_kms_replica_external_key"}

const typeKeyPolicy = "aws_kms_key_policy"

func isKeyType(kind string) bool { return slices.Contains(keyTypes, kind) }

func isBlank(s string) bool { return strings.TrimSpace(s) == "" }

// OutsideError says that a file or a folder is not below the root that may be read.
type OutsideError struct{ Name, Root string }

// Error names both.
func (e *OutsideError) Error() string {
	return fmt.Sprintf("%s is outside of %s, and is not read", e.Name, e.Root)
}

func isOutside(err error) bool { return errors.As(err, new(*OutsideError)) }

// Module is what a root module became.
type Module struct {
	Keys    []*carrier.Key
	Files   []*source.File // that were read, by name
	Missing []Missing      // the modules that are not there
}

// evaluator makes an evaluator, for which the defaults of the root's variables are known or not.
func (m *Modules) evaluator(open bool, assumed map[string]int) *evaluator {
	return &evaluator{
		choices: map[string]choice{}, assumed: assumed,
		files: m.files, modules: m, models: map[string]model{}, sources: map[string]*source.File{}, budget: budget, reported: map[string]bool{}, given: map[string]bool{}, skipped: map[string]bool{},
		reading: newReading(open), identities: identities{byPlace: map[string]string{}, identifying: map[string]bool{}},
	}
}

// Read finds the keys of the module of a folder and of the modules that it calls, and what is wrong with them.
func (m *Modules) Read(folder string) (*Module, diag.List, error) {
	e, err := m.begin(folder)
	if err != nil {
		return nil, nil, err
	}
	out := &Module{}
	if e.root != nil {
		c := e.root.config
		var keys []*keyBlock
		if unmade := m.unmade[folder]; unmade != nil {
			e.root.values = nil
			keys = m.keysUnmade(c, e, unmade)
		} else {
			keys = e.keysOf(isAboutKeys)
			m.withoutDefaults(folder, keys)
			keys = append(keys, m.keysUnmade(c, e, e.offByDefault())...)
			out.Missing = e.missing(e.root)
		}
		for _, k := range keys {
			out.Keys = append(out.Keys, k.key)
		}
	}
	for _, name := range sortedNames(e.sources) {
		out.Files = append(out.Files, e.sources[name])
	}
	return out, e.found, nil
}

func sortedNames(files map[string]*source.File) []string {
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// newOf are the findings about a module's files, once.
func (e *evaluator) newOf(c *config) diag.List {
	if e.given[c.folder] {
		return nil
	}
	e.given[c.folder] = true
	return c.found
}

// keyBlock is a key with the resource that makes it.
type keyBlock struct {
	block         block
	key           *carrier.Key
	provider      string
	policies      []block // the aws_kms_key_policy that set its policy
	isConditional bool    // it rests on choices which of them do
	unread        bool    // the text of its policy cannot be read
	by            string  // what sets its policy, of what can: the address of an aws_kms_key_policy, "own" or "none"
}

// isAboutKeys reports whether a block is a key, or the policy of one.
func isAboutKeys(b block) bool {
	return !b.isData() && (isKeyType(b.kind()) || b.kind() == typeKeyPolicy)
}

// keysOf are the keys of a root and of the modules that it calls, in the order of their files: of the blocks that are selected.
// Policies that are resources of their own come last where their key is not among them.
func (e *evaluator) keysOf(selected func(block) bool) []*keyBlock {
	var list []*keyBlock
	var policies []block
	e.walk(e.root, selected, func(b block) {
		if isKeyType(b.kind()) {
			list = append(list, e.key(b))
		} else {
			policies = append(policies, b)
		}
	})
	list = append(list, e.attach(policies, list)...)
	e.worlds.give(list)
	return list
}

// walk visits resources of a module's instance, each of their instances, and those of the modules that it calls.
func (e *evaluator) walk(in *instance, selected func(block) bool, visit func(block)) {
	for _, address := range in.config.addresses {
		b := block{in: in, name: address, body: in.config.resources[address]}
		if !selected(b) {
			continue
		}
		for _, each := range e.expansionOf(b).list {
			b.each, b.chosen = each, true
			visit(b)
		}
	}
	for _, name := range in.config.callOrder {
		if e.isKeyless(in, name) {
			continue
		}
		for _, child := range e.callOf(in, name).instances {
			if !child.config.found.HasErrors() {
				e.walk(child, selected, visit)
			}
		}
	}
}

// key is the key of a resource.
func (e *evaluator) key(b block) *keyBlock {
	k := &carrier.Key{Resource: b.address(), Node: source.NewMapping(e.blockPlace(b.body))}
	out := &keyBlock{block: b, key: k, provider: e.providerOf(b)}
	out.by = byNone
	if k.Policy, k.Defaults, k.Choices = e.policyAndRests(b, out); k.Policy != nil {
		out.by = byItself
	}
	k.Bypass = e.bypass(b)
	k.Spec = e.textOr(b, "SYMMETRIC_DEFAULT", "customer_master_key_spec", "key_spec")
	k.Usage = e.textOr(b, "ENCRYPT_DECRYPT", "key_usage")
	k.MultiRegion = strings.Contains(b.kind(), "_replica_") || e.isTrue(b, "multi_region")
	if strings.Contains(b.kind(), "_replica_") {
		k.Spec, k.Usage = "", ""
	}
	if strings.Contains(b.kind(), "external") {
		k.Origin = "EXTERNAL"
	}
	e.setLocation(b, out)
	return out
}

// textOr is an attribute, or what the provider takes where it is not given; "" where it is not known.
func (e *evaluator) textOr(b block, otherwise string, names ...string) string {
	for _, name := range names {
		v := e.argument(b, name)
		if v == nil || v.kind == null {
			continue
		}
		s, _ := v.known()
		return s
	}
	return otherwise
}

func (e *evaluator) isTrue(b block, name string) bool {
	v := e.argument(b, name)
	return v != nil && v.literal == "true"
}

// bypass is the attribute that has KMS leave out its check; nil where it is not set.
func (e *evaluator) bypass(b block) *source.Node {
	v := e.argument(b, "bypass_policy_lockout_safety_check")
	if s := ""; v != nil {
		if s, _ = v.known(); s == "true" {
			return source.NewScalar("true", v.place)
		}
	}
	return nil
}

// policy is the policy that a resource writes, with what is wrong with its text; nil where it writes none.
func (e *evaluator) policy(b block, of *keyBlock) (*source.Node, diag.List) {
	v := e.argument(b, "policy")
	if v == nil || isNothing(v) || v.encoded != nil && v.encoded.kind == null {
		return nil, nil
	}
	if v.kind == failed {
		v = e.derived(b.scope(), b.body.Body.Attributes["policy"].Expr.Range(), nil)
	}
	w := &writer{e: e, key: ofKey(of.block), provider: of.provider, elsewhere: e.hasRegion(b)}
	n, found := w.policy(v)
	for i := range found {
		found[i].Resource = b.address()
	}
	if n == nil {
		n = source.NewHole(w.hole(e.hole(symbol.Computed, b.address()+".policy", b.scope(), e.place(b.body.Body.Attributes["policy"].Expr.Range()))))
	}
	return n, found
}

// policyAndRests is the policy of a block, with the defaults and the choices that it rests on. What is wrong with the text of one
// that rests on choices is found with these settled.
func (e *evaluator) policyAndRests(b block, of *keyBlock) (n *source.Node, defaults []carrier.Default, choices []symbol.Choice) {
	var found diag.List
	rests := e.noting(func() { n, found = e.policy(b, of) })
	of.unread = found.HasErrors()
	maps.Copy(rests, e.restsOn(b))
	if !e.isOpen(rests) {
		e.found = append(e.found, found...)
	}
	return n, e.defaults(rests), e.choicesIn(rests)
}

// setLocation finds the key's account and Region: its own region, or what its provider is configured with.
func (e *evaluator) setLocation(b block, of *keyBlock) {
	if v := e.argument(b, "region"); v != nil {
		of.key.Region, _ = v.known()
	}
	p, in := e.providerBlock(e.root, of.provider)
	if p == nil {
		return
	}
	s := &scope{in: in}
	if a := p.Body.Attributes["region"]; a != nil && of.key.Region == "" && !e.hasRegion(b) {
		of.key.Region, _ = e.value(a.Expr, s).known()
	}
	if a := p.Body.Attributes["allowed_account_ids"]; a != nil {
		if v := e.value(a.Expr, s); v.kind == list && len(v.items) == 1 && v.hole == nil {
			if id, ok := v.items[0].known(); ok && policy.IsAccountID(id) {
				of.key.Account = id
			}
		}
	}
	if of.key.Account == "" {
		of.key.Account = e.assumedAccount(p, s)
	}
}

// hasRegion reports whether a resource is in a Region of its own, whatever its provider's is.
func (e *evaluator) hasRegion(b block) bool {
	v := e.argument(b, "region")
	return v != nil && v.kind != null
}

// assumedAccount is the account of the role that a provider assumes.
func (e *evaluator) assumedAccount(p *hclsyntax.Block, s *scope) string {
	blocks, _ := e.blocks(p.Body, "assume_role", s)
	if len(blocks) != 1 {
		return ""
	}
	a := blocks[0].body.Attributes["role_arn"]
	if a == nil {
		return ""
	}
	written, _ := e.value(a.Expr, blocks[0].scope).known()
	arn, _ := policy.ParseARN(written)
	return arn.Account
}

func (e *evaluator) placeIn(f *source.File) diag.Place {
	return diag.Place{File: f.Name, Range: f.Span(f.BOM(), f.BOM())}
}
