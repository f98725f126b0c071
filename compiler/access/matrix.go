package access

import (
	"encoding/binary"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// access of one caller: for one action, at one decision, in which contexts.
// Two callers have "the same" access only if contexts agree as sets, however their boxes were cut; hence
// comparison by covering and not by text. Explicit denies count as well, since a grant can give what is only
// implicitly denied.
type access struct {
	s        *space
	can      []boxes.Set // what the keys can be in the caller's requests for the action
	contexts []projection
	key      string
	id       int          // of the key
	denied   []projection // the contexts in which the action is denied explicitly
	total    []projection // the contexts in which it is allowed, by itself or with an identity policy
}

// covered reports whether some contexts, as far as they can be, are all among others, however these are cut into projections.
func (s *space) covered(list, of []projection, can []boxes.Set) bool {
	var sub *boxes.Subtraction
	var others boxes.Union
	for _, p := range list {
		if slices.ContainsFunc(of, p.within) {
			continue
		}
		if sub == nil {
			sub = &boxes.Subtraction{Sizes: s.sizes[dimKeys:], Meter: s.meter}
			list := make([]boxes.Box, len(of))
			for i, o := range of {
				list[i] = boxes.Box(o)
			}
			others = boxes.NewUnion(list)
		}
		b := make(boxes.Box, len(p))
		for i := range p {
			b[i] = p[i].And(can[i])
		}
		if !sub.Covers(others, b) {
			return false
		}
	}
	return true
}

// permissions is what one caller may do: for each decision by action, nil where it may not. The zero value is of a caller who is
// not asked for.
type permissions struct {
	allowed, needs []*access
	callerAt       int
}

// asked reports whether it is known what the caller may do.
func (p permissions) asked() bool { return p.allowed != nil }

// of is what it may do of one action, nil where nothing.
func (p permissions) of(d Decision, action int) *access {
	if list := p.list(d); action < len(list) {
		return list[action]
	}
	return nil
}

func (p permissions) list(d Decision) []*access {
	if d == Allowed {
		return p.allowed
	}
	return p.needs
}

// nothing is the permissions of who may do nothing.
func nothing() permissions { return permissions{allowed: []*access{}, needs: []*access{}} }

// reachOf works out what a caller may do outside of some boxes, for the actions that there are. Where not all is known, it is what is sure.
// The parts that are sure are taken: a table that lists what somebody may perhaps do reads as if he did. That it
// can lack something is said beside it (noteInexact).
func (s *space) reachOf(r *compiledPolicy, callerAt int, minus []boxes.Box) permissions {
	out := permissions{make([]*access, len(s.actions)), make([]*access, len(s.actions)), callerAt}
	in := s.regionsOf(r, callerAt, minus)
	alike := map[string]int{} // the first of actions that are in the same boxes
	for i, a := range s.actions {
		if a.future {
			continue
		}
		key := string(in.key(s, i))
		first, ok := alike[key]
		if !ok {
			first, alike[key] = i, i
			out.allowed[i], out.needs[i] = in.accessTo(s, i, in.allowed), in.accessTo(s, i, in.needs)
		}
		out.allowed[i], out.needs[i] = out.allowed[first], out.needs[first]
	}
	return out
}

// regions are the boxes of what one caller may do by itself, with an identity policy, and either way, and of what it is denied.
type regions struct {
	callerAt                      int
	allowed, needs, total, denied []boxes.Box
}

func (s *space) regionsOf(r *compiledPolicy, callerAt int, minus []boxes.Box) regions {
	where := s.all().With(dimCaller, s.single(dimCaller, callerAt)).With(dimAction, s.knownActions())
	allowed, total := s.allowedMinusDenied(r, where, direct, repMust), s.allowedMinusDenied(r, where, delegated, repMust)
	byItself := boxes.NewUnion(boxes.MeetAll(r.allowed(direct, repMust), where)) // what may be allowed by itself is so with an identity policy at least
	needs := s.without(total, byItself)
	return regions{callerAt, s.real(s.take(allowed, minus)), s.real(s.take(needs, minus)), total, boxes.MeetAll(r.denied(classMay), where)}
}

// key is the same for actions that are in the same boxes and that the same can be sent with: all that is said of one of them is so of
// the others.
func (in regions) key(s *space, action int) []byte {
	key := binary.AppendUvarint(nil, uint64(s.sentBy(in.callerAt, action).id))
	for _, list := range [][]boxes.Box{in.allowed, in.needs, in.total, in.denied} {
		s.meter.Take(len(list))
		for _, b := range list {
			key = appendBit(key, b[dimAction].Has(action))
		}
	}
	return key
}

// accessTo is the access to one action in a region, nil where there is none.
func (in regions) accessTo(s *space, action int, region []boxes.Box) *access {
	list := s.contexts(region, in.callerAt, action)
	if len(list) == 0 {
		return nil
	}
	key := s.key(list)
	return &access{s, s.possible(in.callerAt, action), list, key, s.keyID(key), s.contexts(in.denied, in.callerAt, action), s.contexts(in.total, in.callerAt, action)}
}

// real leaves out boxes in which no request can be. The others stay whole: what cannot be in them harms no description.
func (s *space) real(all []boxes.Box) []boxes.Box {
	sub, impossible := s.subtraction(), s.prepared.Union(s.impossible)
	var list []boxes.Box
	for _, b := range all {
		if !sub.Covers(impossible, b) {
			list = append(list, b)
		}
	}
	return list
}

// take takes boxes away from others.
func (s *space) take(all, less []boxes.Box) []boxes.Box {
	if len(less) == 0 {
		return all
	}
	return s.without(all, s.prepared.Union(less))
}

// matrix lists who may do what. Of those that the policy names, only what goes beyond what all of their account may do;
// of strangers, what they may do when nobody vouches for them, as among the outsiders.
func (s *space) matrix(r *compiledPolicy) []Row {
	t := s.newTable(r)
	find := func(callers boxes.Set, minus []boxes.Box) {
		t.fill(s.callerClasses(r, callers), func(callerAt int) permissions { return s.reachOf(r, callerAt, minus) })
	}
	strangers, vouched := s.strangers(), s.vouchedFor(r)
	if len(vouched) == 0 {
		find(boxes.FullSet(len(s.callers)), nil)
	} else {
		find(strangers, vouched)
		find(strangers.Complement(len(s.callers)), nil)
	}
	t.prepare()
	rows := []Row{}
	seen := map[string]bool{}
	for i := range s.callers {
		for _, p := range t.lines(i) {
			rows = append(rows, t.rows(i, p, seen)...)
		}
	}
	return sortRows(withoutParts(rows))
}
