package terraform

import (
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// block is a resource, a data source or a module's call that a reference names.
type block struct {
	in     *instance
	name   string           // aws_kms_key.x, data.aws_region.x, module.x
	body   *hclsyntax.Block // nil where it is not declared
	isCall bool
	each   *each // of the instance that an index has chosen
	chosen bool
}

func (b block) address() string {
	label := ""
	if b.each != nil {
		label = b.each.label
	}
	return joinAddress(b.in.address, b.name) + label
}

func joinAddress(module, name string) string {
	if module == "" {
		return name
	}
	return module + "." + name
}

// kind is the type of a resource or a data source.
func (b block) kind() string {
	name, _, _ := strings.Cut(strings.TrimPrefix(b.name, "data."), ".")
	return name
}

func (b block) isData() bool { return strings.HasPrefix(b.name, "data.") }

// scope is where the block's expressions are evaluated.
func (b block) scope() *scope { return &scope{in: b.in, each: b.each} }

func (e *evaluator) expansionOf(b block) expansion {
	if b.body == nil {
		return expansion{list: []*each{nil}, known: true}
	}
	key := b.in.address + "\x00expansion " + b.name
	if b.in.busy[key] {
		return expansion{list: []*each{nil}}
	}
	b.in.busy[key] = true
	defer delete(b.in.busy, key)
	return e.expand(b.body.Body, &scope{in: b.in})
}

func (e *evaluator) isIndexed(v *value) bool {
	return !v.block.chosen && e.expansionOf(v.block).indexed
}

// blockPairs are the instances of a block with count or for_each, or the block's own value.
func (e *evaluator) blockPairs(v *value) []pair {
	b := v.block
	if b.chosen {
		return nil
	}
	var out []pair
	for _, i := range e.instances(b).list {
		c := *v
		c.block.each, c.block.chosen = i, true
		key := newText("", v.place)
		if i != nil {
			key = i.key
		}
		out = append(out, pair{key, &c})
	}
	return out
}

// blockOpen is the hole of instances that are not known; nil where all are.
func (e *evaluator) blockOpen(v *value, s *scope, r hcl.Range) *hole {
	x := e.expansionOf(v.block)
	if x.known {
		return nil
	}
	return e.derived(s, r, x.hole).hole
}

func (e *evaluator) blockIndex(v, key *value, s *scope, r hcl.Range) *value {
	b := v.block
	if b.chosen {
		return e.below(e.unknown(symbol.Attribute, e.written(r), s, e.place(r)), r)
	}
	x := e.expansionOf(b)
	c := *v
	c.block.chosen = true
	name, known := key.known()
	for _, i := range x.list {
		if i == nil {
			return &c // an index where there is no count, as older configurations have
		}
		if n, ok := i.key.known(); ok && known && n == name {
			c.block.each = i
			return &c
		}
	}
	if x.known && known {
		return failure(e.place(r))
	}
	label := ""
	if known {
		label = "[" + strconv.Quote(name) + "]"
		if key.kind == number {
			label = "[" + name + "]"
		}
	}
	c.block.each = &each{key: key, label: label}
	if len(x.list) == 1 && x.list[0] != nil {
		c.block.each.value = x.list[0].value
	}
	return &c
}

func (e *evaluator) blockAttribute(v *value, name string, s *scope, r hcl.Range) *value {
	b := v.block
	if !b.chosen {
		x := e.expansionOf(b)
		switch {
		case !x.indexed:
		case x.byKey: // an instance by its key, as an attribute
			return e.blockIndex(v, newText(name, v.place), s, r)
		case len(x.list) == 1: // older configurations leave the index out
			b.each = x.list[0]
		default:
			if i, err := strconv.Atoi(name); err == nil {
				return e.blockIndex(v, newNumber(strconv.Itoa(i), v.place), s, r)
			}
			return e.unknown(symbol.Attribute, e.written(r), s, e.place(r))
		}
		b.chosen = true
		if i, err := strconv.Atoi(name); err == nil {
			return e.blockIndex(v, newNumber(strconv.Itoa(i), v.place), s, r)
		}
	}
	if b.isCall {
		return e.output(b, name, s, r)
	}
	return e.resourceAttribute(b, name, r)
}

// resourceAttribute is an attribute of a resource or a data source.
func (e *evaluator) resourceAttribute(b block, name string, r hcl.Range) *value {
	place := e.place(r)
	ref := joinAddress("", b.name)
	if b.each != nil {
		ref += b.each.label
	}
	h := &hole{Hole: symbol.Hole{Kind: symbol.Attribute, Ref: ref + "." + name, Instance: b.in.address, Place: place}, provider: e.providerOf(b)}
	own := func(shape symbol.Shape) *value {
		h.Kind, h.Shape = symbol.Own, shape
		return newUnknown(h)
	}
	shaped := func(shape symbol.Shape) *value {
		h.Shape = shape
		if h.Definition == "" {
			h.Definition = e.definition(b)
		}
		return newUnknown(h)
	}
	kind := b.kind()
	switch {
	case b.isData() && kind == "aws_iam_policy_document" && (name == "json" || name == "minified_json") && b.body != nil:
		return e.documentText(b)
	case kind == "aws_caller_identity" && (name == "account_id" || name == "id"):
		return own(symbol.OwnAccount)
	case kind == "aws_caller_identity" && name == "arn":
		return shaped("arn:{partition}:*::{account}:*")
	case kind == "aws_partition" && (name == "partition" || name == "id"):
		return own(symbol.OwnPartition)
	case kind == "aws_partition" && name == "dns_suffix":
		return shaped("*amazonaws.com*")
	case b.isData() && kind == "aws_region" && (name == "name" || name == "id" || name == "region") && e.argument(b, "name") == nil && e.argument(b, "region") == nil && e.argument(b, "endpoint") == nil:
		return own(symbol.OwnRegion)
	case isKeyType(kind) && name == "arn":
		h.Definition, h.isKey, h.keyName = ofKey(b), true, b.name
		return shaped("arn:{partition}:kms:*:{account}:key/*")
	case isKeyType(kind) && (name == "key_id" || name == "id"):
		h.Definition, h.isKey, h.keyName = ofKey(b), true, b.name
		return newUnknown(h)
	case kind == "aws_iam_role" && name == "arn":
		return shaped(symbol.Shape("arn:{partition}:iam::{account}:role/" + e.nameShape(b)))
	case kind == "aws_iam_user" && (name == "arn" || b.isData() && name == "user_arn"):
		return shaped(symbol.Shape("arn:{partition}:iam::{account}:user/" + e.nameShape(b)))
	case b.isData() && kind == "template_file" && name == "rendered":
		return e.templateFile(b, r)
	case b.isData() && kind == "local_file" && name == "content":
		if v := e.argument(b, "filename"); v != nil {
			return e.fileText(v, &scope{in: b.in}, r)
		}
	case b.isData() && kind == "aws_iam_session_context" && name == "issuer_arn":
		return shaped("arn:*:iam::*:*")
	}
	if v := e.argument(b, name); v != nil && v.kind != failed && v.kind != null {
		return v
	}
	if writtenByUsers(kind) {
		h.Kind = symbol.Variable
	}
	h.Definition = e.definition(b)
	return newUnknown(h)
}

// writtenByUsers reports whether the attributes of a type are what a user has put somewhere, so that they may hold anything.
func writtenByUsers(kind string) bool {
	switch kind {
	case "aws_ssm_parameter", "aws_ssm_parameters_by_path", "aws_secretsmanager_secret_version", "aws_s3_object", "aws_s3_bucket_object":
		return true
	}
	return !strings.HasPrefix(kind, "aws_") && !strings.HasPrefix(kind, "awscc_")
}

// argument is what a block writes for an attribute; nil where it writes none.
func (e *evaluator) argument(b block, name string) *value {
	if b.body == nil {
		return nil
	}
	a := b.body.Body.Attributes[name]
	if a == nil {
		return nil
	}
	key := "argument " + b.address() + "." + name
	if b.in.busy[key] {
		e.report("terraform-cycle", "`"+b.address()+"."+name+"` refers to itself, directly or through others", "remove the reference that leads back to it", e.place(a.NameRange))
		return nil
	}
	b.in.busy[key] = true
	defer delete(b.in.busy, key)
	return e.value(a.Expr, b.scope())
}

// nameShape is what is known of a role's or a user's path and name.
func (e *evaluator) nameShape(b block) string {
	path, name := "*", "*"
	if v := e.argument(b, "path"); v == nil && !b.isData() {
		path = ""
	} else if v != nil {
		if s, ok := v.known(); ok {
			path = strings.TrimPrefix(s, "/")
		}
	}
	v := e.argument(b, "name")
	if v == nil {
		v = e.argument(b, "user_name")
	}
	if v != nil {
		if s, ok := v.known(); ok {
			name = s
		}
	}
	if strings.ContainsAny(path+name, "{}") {
		return "*"
	}
	if path == "*" && name == "*" {
		return "*"
	}
	return path + name
}

// ofKey marks the holes of one key's attributes.
func ofKey(b block) string { return "key " + b.address() }

func (e *evaluator) blockPlace(b *hclsyntax.Block) diag.Place { return e.place(b.DefRange()) }
