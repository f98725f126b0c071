package access

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// subtract gives disjoint boxes of the list without the others.
func (d *differ) subtract(list, less []boxes.Box) []boxes.Box {
	return d.shared(list, []boxes.Box{d.s.all()}, boxes.NewUnion(less))
}

// shared gives disjoint boxes of what a list shares with disjoint boxes, without others.
func (d *differ) shared(list, within []boxes.Box, less boxes.Union) []boxes.Box {
	sub := d.s.subtraction()
	var out []boxes.Box
	for _, w := range within {
		met := sub.MeetAll(list, w)
		before, others := boxes.NewUnion(met), sub.Meeting(less, w)
		for i, b := range met {
			sub.Remainder(b, append(slices.Clip(others), before[:i]...), func(left boxes.Box) bool {
				out = d.s.keep(out, slices.Clone(left))
				return true
			})
		}
	}
	return out
}

// changed are the requests that get another decision, as boxes in which a request can be, whole and without what cannot be.
// Both are needed: witnesses are looked for in rest, and descriptions are made of whole, which has fewer and wider
// boxes.
// The four decisions divide all requests: denied; else allowed by the policy itself; else allowed for identity
// policies; else neither. So twelve ordered pairs of different decisions are compared, and each changed request is
// in exactly one.
// It begins with the decision that comes first, as the other one leaves out what the other policy decides so: what both policies
// say alike is gone at once, however its boxes overlap.
func (d *differ) changed(now, was Decision, v approximation) (whole, rest []boxes.Box) {
	of, other := d.decided(d.new, now, v), d.decided(d.old, was, v)
	if before(was, now) {
		of, other = other, of
	}
	list := d.shared(of.some, d.within, d.s.prepared.Union(of.none, other.none))
	if !other.all {
		list = d.shared(other.some, list, nil)
	}
	return list, d.shared([]boxes.Box{d.s.all()}, list, d.s.prepared.Union(d.s.impossible))
}

// decided are the requests of a decision: those in some of its boxes, or all, and in none of others.
type decided struct {
	all        bool
	some, none []boxes.Box
}

func (d *differ) decided(r *compiledPolicy, decision Decision, v approximation) decided {
	not := against(v)
	switch decision {
	case ExplicitDeny:
		return decided{some: r.denied(v)}
	case Allowed:
		return decided{some: r.allowed(direct, v), none: r.denied(not)}
	case NeedsIdentityPolicy:
		return decided{some: r.allowed(delegated, v), none: slices.Concat(r.denied(not), r.allowed(direct, not))}
	case ImplicitDeny, Undecided:
	}
	return decided{all: true, none: slices.Concat(r.denied(not), r.allowed(delegated, not))}
}

// before reports whether one decision comes before another one where statements give both.
func before(a, b Decision) bool {
	order := []Decision{ExplicitDeny, Allowed, NeedsIdentityPolicy, ImplicitDeny}
	return slices.Index(order, a) < slices.Index(order, b)
}
