package terraform

import (
	"cmp"
	"maps"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/carrier"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// What sets the policy of a key, beside the address of an aws_kms_key_policy.
const (
	byItself = "own"
	byNone   = "none"
)

// attach gives the policies that are resources of their own to their keys. Those whose key is not in the module, or in some world
// is not, are keys of their own.
func (e *evaluator) attach(policies []block, keys []*keyBlock) (own []*keyBlock) {
	byAddress, byName := map[string]*keyBlock{}, map[string][]*keyBlock{}
	for _, k := range keys {
		byAddress[ofKey(k.block)] = k
		byName[k.block.name] = append(byName[k.block.name], k)
	}
	conditional := map[*keyBlock]names{}
	for _, b := range policies {
		target := ""
		rests := e.noting(func() {
			e.instances(block{in: b.in, name: b.name, body: b.body})
			target = e.targetOf(b)
		})
		if !e.isOpen(rests) {
			if of := byAddress[target]; of != nil {
				of.policies = append(of.policies, b)
				e.setPolicy(b, of)
			} else {
				own = append(own, e.ownPolicy(b))
			}
			continue
		}
		candidates, elsewhere := e.candidates(b, rests, byAddress, byName)
		for _, of := range candidates {
			if conditional[of] == nil {
				conditional[of] = names{}
			}
			of.policies = append(of.policies, b)
			maps.Copy(conditional[of], rests)
		}
		if elsewhere {
			k := e.ownPolicy(b)
			if len(candidates) > 0 {
				k.isConditional = true
				k.key.Choices = e.withChoices(k.key.Choices, rests)
			}
			own = append(own, k)
		}
	}
	for _, k := range keys {
		if rests := conditional[k]; rests != nil {
			e.setConditionally(k, rests)
		}
	}
	return own
}

// targetOf is the key whose policy a resource sets, as ofKey; "" where that is not known.
func (e *evaluator) targetOf(b block) string {
	if id := e.argument(b, "key_id"); id != nil && id.kind == unknown {
		return id.hole.Definition
	}
	return ""
}

// isKeyOfModule reports whether the key whose policy a resource sets is one of the module's.
func (e *evaluator) isKeyOfModule(b block) bool {
	id := e.argument(b, "key_id")
	return id != nil && id.kind == unknown && id.hole.isKey
}

// candidates are the keys whose policy a resource sets in some world. elsewhere says that it sets another's in some.
func (e *evaluator) candidates(b block, rests names, byAddress map[string]*keyBlock, byName map[string][]*keyBlock) (list []*keyBlock, elsewhere bool) {
	ways, _ := e.settlements(e.choicesIn(rests))
	for _, way := range ways {
		w := e.worlds.evaluator(way)
		like, there, absent := w.blockLike(b)
		if !there {
			elsewhere = elsewhere || !absent
			continue
		}
		id := w.argument(like, "key_id")
		if id == nil || id.kind != unknown || !id.hole.isKey {
			elsewhere = true
			continue
		}
		of := byAddress[id.hole.Definition]
		for _, k := range byName[id.hole.keyName] {
			if of != nil {
				break
			}
			if same, there, _ := w.blockLike(k.block); there && ofKey(same) == id.hole.Definition {
				of = k
			}
		}
		switch {
		case of == nil:
			elsewhere = true
		case !slices.Contains(list, of):
			list = append(list, of)
		}
	}
	return list, elsewhere
}

// setConditionally makes the policy of a key one that is not known, as it rests on choices which of several it is.
func (e *evaluator) setConditionally(k *keyBlock, rests names) {
	k.isConditional = true
	all := e.noting(func() {
		for _, b := range k.policies {
			e.policy(b, k)
		}
	})
	maps.Copy(all, rests)
	k.key.Choices = e.withChoices(k.key.Choices, all)
	for _, d := range e.defaults(all) {
		if !slices.Contains(k.key.Defaults, d) {
			k.key.Defaults = append(k.key.Defaults, d)
		}
	}
	h := &hole{Hole: symbol.Hole{Kind: symbol.Variable, Ref: "policy of " + k.key.Resource, Instance: k.block.in.address, Place: k.key.Node.Place}}
	if choices := e.choicesIn(rests); len(choices) > 0 {
		h.Ref, h.Place = choices[0].Ref, choices[0].Place
	}
	n := source.NewHole(&h.Hole)
	n.Place = k.key.Node.Place
	k.key.Policy = n
}

// withChoices are choices with those that something else rests on. All of their options count.
func (e *evaluator) withChoices(choices []symbol.Choice, rests names) []symbol.Choice {
	all := append(slices.Clone(choices), e.choicesIn(rests)...)
	slices.SortStableFunc(all, func(a, b symbol.Choice) int { return cmp.Compare(a.ID, b.ID) })
	all = slices.CompactFunc(all, func(a, b symbol.Choice) bool { return a.ID == b.ID })
	for i := range all {
		all[i].Only = 0
	}
	return all
}

// ownPolicy is the policy of a key that is not in the module.
func (e *evaluator) ownPolicy(b block) *keyBlock {
	k := &carrier.Key{Resource: b.address(), Node: source.NewMapping(e.blockPlace(b.body))}
	own := &keyBlock{block: b, key: k, provider: e.providerOf(b)}
	k.Policy, k.Defaults, k.Choices = e.policyAndRests(b, own)
	k.Bypass = e.bypass(b)
	e.setLocation(b, own)
	return own
}

// setPolicy gives the policy of an aws_kms_key_policy to its key.
func (e *evaluator) setPolicy(b block, of *keyBlock) {
	n, defaults, choices := e.policyAndRests(b, of)
	if of.key.Policy != nil && !e.isSame(b, of) {
		at := of.key.Node.Place
		if n != nil {
			at = n.Place
		}
		e.found = append(e.found, carrier.SetTwice(of.key, of.by, b.address(), at))
	}
	of.by = b.address()
	of.key.Defaults, of.key.Choices = defaults, choices
	of.key.Policy, of.key.Bypass = n, cmp.Or(e.bypass(b), of.key.Bypass)
}

// isSame reports whether a resource sets the policy that its key sets itself, so that neither overwrites the other.
func (e *evaluator) isSame(b block, of *keyBlock) bool {
	if of.by != byItself {
		return false
	}
	one, other := e.argument(b, "policy"), e.argument(of.block, "policy")
	return one != nil && other != nil && one.key() == other.key()
}
