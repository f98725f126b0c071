package tfplan

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/source"
)

// keyTypes are the resources that are a key. https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_key
var keyTypes = []string{"aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key", "aws_kms_replica_external_key"}

const (
	typeKeyPolicy = "aws_kms_key_policy"
	typeDocument  = "aws_iam_policy_document"
)

// isOfInterest reports whether a resource of a type has a say in a key's policy.
func isOfInterest(kind string) bool {
	return slices.Contains(keyTypes, kind) || slices.Contains([]string{typeKeyPolicy, typeDocument, "aws_caller_identity", "aws_region", "aws_partition"}, kind)
}

// isPrincipal reports whether a resource of a type is a principal of policies.
func isPrincipal(kind string) bool { return kind == "aws_iam_role" || kind == "aws_iam_user" }

// resource is one of a plan's resource_changes, or of a state's resources.
type resource struct {
	plan   *plan
	node   *source.Node
	module string // its module's address
	kind   string
	name   string
	index  string // its instance key as the address has it, such as [0] or ["a"]
	data   bool

	rebuilding bool // its policy document is being rebuilt: one that is made of itself has no end
}

func (p *plan) newResource(n *source.Node, module string) *resource {
	r := &resource{plan: p, node: n, module: module, kind: text(n.Get("type")), name: text(n.Get("name")), data: text(n.Get("mode")) == "data"}
	if at := strings.LastIndex(r.address(), r.local()); at >= 0 {
		r.index = r.address()[at+len(r.local()):]
	}
	return r
}

// address is the resource's address with its module and its instance.
func (r *resource) address() string { return text(r.node.Get("address")) }

// shown is the address; a deposed object, which a replacement has left behind, has the address of what is there next to it.
// https://developer.hashicorp.com/terraform/internals/json-format#resource-changes
func (r *resource) shown() string {
	if deposed := text(r.node.Get("deposed")); deposed != "" {
		return r.address() + " (deposed " + deposed + ")"
	}
	return r.address()
}

// local is the address in the module, without the instance.
func (r *resource) local() string {
	if r.data {
		return "data." + r.kind + "." + r.name
	}
	return r.kind + "." + r.name
}

func (r *resource) isKey() bool { return !r.data && slices.Contains(keyTypes, r.kind) }

// after is what the resource will be, or what it is in a state.
func (r *resource) after() value {
	v := value{resource: r, parent: r.node, expression: r.plan.configuration.resource(r.module, r.local()).Get("expressions")}
	if change := r.node.Get("change"); change != nil {
		v.node, v.mask = change.Get("after"), change.Get("after_unknown")
	} else {
		v.node = r.node.Get("values")
	}
	if v.node == nil || v.node.Kind != source.Mapping {
		v.node = source.NewMapping(r.node.Place)
	}
	return v
}

// before is what the resource is; nil where it is not yet.
func (r *resource) before() *source.Node {
	b := r.node.Get("change").Get("before")
	if b == nil || b.Kind != source.Mapping {
		return nil
	}
	return b
}

// actions are what the plan does to the resource: no-op, create, read, update, delete; two of them where it is replaced.
func (r *resource) actions() []string {
	list := r.node.Get("change").Get("actions")
	if list == nil {
		return nil
	}
	var out []string
	for _, n := range list.Items {
		out = append(out, n.Text)
	}
	return out
}

func text(n *source.Node) string {
	if n == nil || n.Kind != source.Scalar || n.IsNull() {
		return ""
	}
	return n.Text
}
