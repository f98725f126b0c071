package tfplan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/carrier"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// keys are the keys of the resources: those that are there after the plan, and those that it deletes.
func (p *plan) keys() []*carrier.Key {
	var list []*carrier.Key
	policies := p.keyPolicies()
	for _, r := range p.resources {
		if !r.isKey() {
			continue
		}
		k := r.key()
		set, by := r.writesPolicy(), ""
		for _, own := range policies[r] {
			if k.Change.Action != carrier.Delete && !own.isGone() {
				if set {
					p.found = append(p.found, own.setTwice(k, by))
				}
				set, by = true, own.address()
			}
			own.lend(k, r)
		}
		list = append(list, k)
	}
	for _, r := range policies[nil] {
		list = append(list, r.policyOfOther())
	}
	return list
}

// writesPolicy reports whether the configuration of a key gives its policy. A plan has one of every key that is there, by whomever
// it was put; of a key that it creates, only one that is written is known.
func (r *resource) writesPolicy() bool {
	if policy := r.after().get("policy"); r.before() == nil && action(r.actions()) == carrier.Create && policy.given() && !policy.unknown() {
		return true
	}
	return r.plan.configuration.resource(r.module, r.local()).Get("expressions").Get("policy") != nil
}

// policyOfOther is a key that is not in the plan, whose policy a resource sets: what it has before is not known.
func (r *resource) policyOfOther() *carrier.Key {
	k := r.key()
	switch k.Change.Action {
	case carrier.Create, carrier.Replace:
		k.Change.Action = carrier.Update
		k.Change.Before = r.otherPolicy(k)
	case carrier.Delete: // Terraform puts KMS's default policy in its place
		k.Change.Action, k.Policy = carrier.Update, nil
	case carrier.NoChange, carrier.Update:
	}
	return k
}

// otherPolicy is a policy that a key has before a plan which does not show it.
func (r *resource) otherPolicy(k *carrier.Key) *source.Node {
	return source.NewHole(&symbol.Hole{Kind: symbol.Computed, Ref: "the policy that the key of " + k.Resource + " has", Place: r.node.Place})
}

// setTwice reports a key whose policy another resource has set already, by its address, or the key itself.
func (r *resource) setTwice(k *carrier.Key, first string) diag.Diagnostic {
	place := r.node.Place
	if n := r.after().get("policy").node; n != nil {
		place = n.Place
	}
	return carrier.SetTwice(k, first, r.address(), place)
}

// key is the key of a resource that is one, or that sets the policy of one.
func (r *resource) key() *carrier.Key {
	after := r.after()
	k := &carrier.Key{Resource: r.shown(), Node: r.node}
	r.plan.used = nil
	k.Policy = r.policy(after.get("policy"))
	change := r.node.Get("change")
	k.Sensitive = isSensitive(change.Get("after_sensitive")) || isSensitive(r.node.Get("sensitive_values"))
	for _, d := range r.plan.used {
		k.Sensitive = k.Sensitive || d.hasSensitive()
		k.Parts = append(k.Parts, d.after().node)
	}
	if n := after.get("bypass_policy_lockout_safety_check").node; isTrue(n) {
		k.Bypass = n
	}
	k.Change.Action = action(r.actions())
	if b := r.before(); b != nil {
		k.Change.Before = b.Get("policy")
		k.Sensitive = k.Sensitive || isSensitive(change.Get("before_sensitive"))
		if r.isForgotten() { // the key stays as it is
			k.Policy = b.Get("policy")
		}
	}
	if importing := change.Get("importing"); k.Change.Action == carrier.Create && importing != nil && !importing.IsNull() {
		k.Change.Action = carrier.Update // of a key that is there, whose id is not known yet
		k.Change.Before = r.otherPolicy(k)
	}
	if k.Change.Action == carrier.Delete {
		k.Policy = nil
	}
	k.Spec = cmp.Or(text(after.get("customer_master_key_spec").node), text(after.get("key_spec").node))
	k.Usage = text(after.get("key_usage").node)
	k.MultiRegion = isTrue(after.get("multi_region").node) || strings.Contains(r.kind, "_replica_")
	if strings.Contains(r.kind, "external") {
		k.Origin = "EXTERNAL"
	}
	r.setLocation(k)
	return k
}

// isSensitive reports whether the marks of a resource's values cover its policy.
func isSensitive(marks *source.Node) bool { return isTrue(marks) || isTrue(marks.Get("policy")) }

// hasSensitive reports whether a part of a document is marked: Terraform does not mark what the document becomes by that.
// https://developer.hashicorp.com/terraform/internals/json-format#change-representation
func (r *resource) hasSensitive() bool {
	return hasMark(r.node.Get("change").Get("after_sensitive")) || hasMark(r.node.Get("sensitive_values"))
}

func hasMark(n *source.Node) bool {
	return n != nil && (isTrue(n) || slices.ContainsFunc(n.Items, hasMark) ||
		slices.ContainsFunc(n.Members, func(m source.Member) bool { return hasMark(m.Value) }))
}

// isForgotten reports whether the plan takes a resource out of the state and leaves it as it is.
func (r *resource) isForgotten() bool { return slices.Equal(r.actions(), []string{"forget"}) }

// isGone reports whether the resource is not one of Terraform's after the plan.
func (r *resource) isGone() bool { return r.isForgotten() || action(r.actions()) == carrier.Delete }

// lend gives a key the policy that another resource sets for it.
func (r *resource) lend(k *carrier.Key, of *resource) {
	own := r.key()
	if k.Change.Action == carrier.Delete || r.isForgotten() {
		return
	}
	if own.Change.Action == carrier.Delete { // Terraform puts KMS's default policy in its place
		k.Change.Before = cmp.Or(own.Change.Before, k.Change.Before)
		if !of.writesPolicy() {
			k.Policy = nil
			k.Change.Action = cmp.Or(k.Change.Action, carrier.Update)
		}
		return
	}
	k.Policy, k.Bypass, k.Sensitive = own.Policy, cmp.Or(own.Bypass, k.Bypass), own.Sensitive || k.Sensitive
	k.Parts = append(k.Parts, own.Parts...)
	if own.Change.Before != nil {
		k.Change.Before = own.Change.Before
	}
	if k.Change.Action == carrier.NoChange && own.Change.Action != carrier.NoChange {
		k.Change.Action = carrier.Update // of a key that is there
	}
}

// keyPolicies are the resources aws_kms_key_policy by the key that each is for; under nil are those whose key is not in the
// plan, or not distinguished from others.
func (p *plan) keyPolicies() map[*resource][]*resource {
	by := map[*resource][]*resource{}
	for _, r := range p.resources {
		if r.kind == typeKeyPolicy && !r.data {
			by[r.keyOf()] = append(by[r.keyOf()], r)
		}
	}
	return by
}

// keyOf finds the key whose policy a resource sets: by its id, or by the expression of its id.
func (r *resource) keyOf() *resource {
	id := r.after().get("key_id")
	if b := r.before(); r.isGone() && b != nil {
		id = value{node: b.Get("key_id"), resource: r, parent: r.node}
	}
	if !id.unknown() && id.given() {
		for _, k := range r.plan.resources {
			if !k.isKey() {
				continue
			}
			for _, n := range []*source.Node{k.before(), k.after().node} {
				if slices.Contains([]string{text(n.Get("key_id")), text(n.Get("id")), text(n.Get("arn"))}, id.node.Text) {
					return k
				}
			}
		}
		return nil
	}
	list := withoutPosition(referencesOf(r.module, id.expression))
	if len(list) != 1 {
		return nil
	}
	ref := r.plan.configuration.resolve(list[0])
	var found []*resource
	for _, k := range r.plan.resources {
		rest, ok := strings.CutPrefix(ref.name, k.local())
		if !k.isKey() || !ok || !sameModule(k.module, ref.module) {
			continue
		}
		switch {
		case rest == "" || rest[0] == '.': // an instance of the same index, or one that is not given
			if k.index == r.index || k.index == "" {
				return k
			}
			found = append(found, k)
		case strings.HasPrefix(rest, k.index):
			return k
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return nil
}

// sameModule reports whether a module's instance is one of the module that a reference names.
func sameModule(instance, of string) bool {
	return instance == of || slices.Equal(calls(instance), calls(of))
}

// policy is a key's policy, rebuilt where it is only known after apply; nil where none is written.
func (r *resource) policy(v value) *source.Node {
	switch {
	case !v.unknown():
		if v.given() {
			return v.node
		}
		return nil
	case v.expression == nil: // KMS's own, which is only known once the key is made
		if r.plan.configuration.resource(r.module, r.local()) != nil {
			return nil
		}
		return v.hole()
	}
	if list := withoutPosition(referencesOf(r.module, v.expression)); len(list) == 1 {
		if d := r.documentOf(list[0]); d != nil {
			return d.policyDocument()
		}
	}
	return v.hole()
}

// action is what a plan does, in a word.
func action(actions []string) carrier.Action {
	switch {
	case len(actions) > 1:
		return carrier.Replace
	case slices.Equal(actions, []string{"create"}):
		return carrier.Create
	case slices.Equal(actions, []string{"update"}):
		return carrier.Update
	case slices.Equal(actions, []string{"delete"}):
		return carrier.Delete
	default:
		return carrier.NoChange
	}
}

func isTrue(n *source.Node) bool { return n != nil && n.Kind == source.Scalar && n.Text == "true" }

// setLocation finds the key's account and Region: by its ARN, its own region, the data sources of its provider that were
// read, or what its provider is configured with.
func (r *resource) setLocation(k *carrier.Key) {
	for _, n := range []*source.Node{r.before(), r.after().node} {
		for _, name := range []string{"arn", "key_id"} {
			if arn, ok := policy.ParseARN(text(n.Get(name))); ok && arn.Service == "kms" {
				k.Account, k.Partition, k.Region = arn.Account, arn.Partition, arn.Region
			}
		}
		k.Region = cmp.Or(k.Region, text(n.Get("region")))
	}
	provider := r.provider()
	expressions := r.plan.configuration.root.Get("provider_config").Get(provider).Get("expressions")
	k.Region = cmp.Or(k.Region, text(expressions.Get("region").Get("constant_value")))
	k.Account = cmp.Or(k.Account, r.plan.callerAccount(provider), allowedAccount(expressions), assumedAccount(expressions))
}

// provider is the key of the resource's provider in the plan's provider_config; "" where the plan does not say it.
func (r *resource) provider() string {
	return text(r.plan.configuration.resource(r.module, r.local()).Get("provider_config_key"))
}

// callerAccount is the account of a provider, as its data source aws_caller_identity has read it.
func (p *plan) callerAccount(provider string) string {
	if provider == "" {
		return ""
	}
	for _, r := range slices.Concat(p.prior, p.resources) {
		if id := text(r.after().get("account_id").node); r.kind == "aws_caller_identity" && r.provider() == provider && policy.IsAccountID(id) {
			return id
		}
	}
	return ""
}

// allowedAccount is the one account that a provider may be used with.
func allowedAccount(expressions *source.Node) string {
	list := expressions.Get("allowed_account_ids").Get("constant_value")
	if list == nil || len(list.Items) != 1 || !policy.IsAccountID(list.Items[0].Text) {
		return ""
	}
	return list.Items[0].Text
}

// assumedAccount is the account of the role that a provider assumes.
func assumedAccount(expressions *source.Node) string {
	roles := expressions.Get("assume_role")
	if roles == nil || len(roles.Items) != 1 {
		return ""
	}
	arn, _ := policy.ParseARN(text(roles.Items[0].Get("role_arn").Get("constant_value")))
	return arn.Account
}
