package origin

import (
	"cmp"
	"iter"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/carrier"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// Keys gives the keys of a plan what the source of its module writes for them: those of the same address, else of the same resource,
// where the source does not say its instances. Their own places become the resources' in the source.
func Keys(planned, written []*carrier.Key) {
	byAddress, byResource := map[string]*carrier.Key{}, map[string]*carrier.Key{}
	for _, k := range written {
		name := withoutInstances(k.Resource)
		byAddress[k.Resource] = k
		byResource[name] = cmp.Or(byResource[name], k)
	}
	for _, k := range planned {
		name, _, _ := strings.Cut(k.Resource, " ") // without the mark of a deposed object
		of := cmp.Or(byAddress[name], byResource[withoutInstances(name)])
		if of == nil {
			continue
		}
		k.Source, k.Planned = of, map[diag.Place]diag.Place{of.Node.Place: k.Node.Place}
		k.Node = at(k.Node, of.Node.Place)
		if k.Bypass != nil && of.Bypass != nil {
			k.Planned[of.Bypass.Place] = k.Bypass.Place
			k.Bypass = at(k.Bypass, of.Bypass.Place)
		}
	}
}

// Policy gives a plan's policy the places at which the source of its key writes it: of all that the source may write, that
// which is the most like it. What the source does not have keeps its place in the plan.
func Policy(policy *source.Node, k *carrier.Key) *source.Node {
	var best *match
	left := mostCompared
	for written := range policies(k.Source) {
		m := newMatch(&left)
		m.root, _ = m.node(policy, written)
		if best == nil || m.exact > best.exact || m.exact == best.exact && m.moved > best.moved {
			best = m
		}
		if m.whole {
			break
		}
	}
	if best == nil {
		return policy
	}
	for place, planned := range best.planned {
		if _, have := k.Planned[place]; !have {
			k.Planned[place] = planned
		}
	}
	return best.root
}

// policies are what the source may write for a key: with the defaults of variables and without, and with its choices settled.
func policies(k *carrier.Key) iter.Seq[*source.Node] {
	return func(yield func(*source.Node) bool) {
		both := []*carrier.Key{k, k.WithoutDefaults}
		for _, one := range both {
			if one != nil && one.Policy != nil && !yield(one.Policy) {
				return
			}
		}
		for _, one := range both {
			if one == nil || one.Worlds == nil {
				continue
			}
			list, _ := one.Worlds()
			for _, w := range list {
				if w.Key.Policy != nil && !yield(w.Key.Policy) {
					return
				}
			}
		}
	}
}

// withoutInstances takes the instances out of an address: module.a["x"].aws_kms_key.this[0] is module.a.aws_kms_key.this.
func withoutInstances(address string) string {
	var b strings.Builder
	quoted, depth := false, 0
	for i := 0; i < len(address); i++ {
		switch ch := address[i]; {
		case quoted && ch == '\\':
			i++
		case depth > 0 && ch == '"':
			quoted = !quoted
		case quoted:
		case ch == '[':
			depth++
		case ch == ']':
			depth--
		case depth == 0:
			b.WriteByte(ch)
		}
	}
	return b.String()
}

// at is a node at another place.
func at(n *source.Node, place diag.Place) *source.Node {
	c := *n
	c.Place = place
	return &c
}
