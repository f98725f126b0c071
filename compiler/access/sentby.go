package access

import (
	"fmt"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// sent is what a caller's requests for an action can have.
type sent struct {
	can  []boxes.Set // of each key, the classes; nil is all
	ties []int       // of what cannot be, by index, that about several keys

	groups []boxes.Set // of each group of keys, the points, once they are asked for; see describer

	id int // the same for those that are the same
}

// sentClasses are callers and actions by what cannot be: those of one class are in the same impossible boxes.
type sentClasses struct {
	caller, action []int
	known          map[[2]int]*sent
	ids            map[string]int
}

// sentBy is what a caller's requests for an action can have.
// Most callers and most actions are in the same impossible boxes, so it is found once for each pair of classes; a
// table asks for every caller with every action. The steps are taken each time, so that what a question costs does not
// depend on which were asked before.
func (s *space) sentBy(callerAt, actionAt int) *sent {
	s.meter.Take(boxes.StepBox * len(s.impossible))
	if s.sent == nil {
		s.sent = &sentClasses{s.classesOf(dimCaller), s.classesOf(dimAction), map[[2]int]*sent{}, map[string]int{}}
	}
	pair := [2]int{s.sent.caller[callerAt], s.sent.action[actionAt]}
	out := s.sent.known[pair]
	if out == nil {
		out = s.findSent(callerAt, actionAt)
		key := fmt.Append(s.appendKey(nil, out.can), out.ties)
		id, ok := s.sent.ids[string(key)]
		if !ok {
			id = len(s.sent.ids)
			s.sent.ids[string(key)] = id
		}
		out.id = id
		s.sent.known[pair] = out
	}
	return out
}

// classesOf numbers the classes of a dimension by the impossible boxes that they are in.
func (s *space) classesOf(dim int) []int {
	keys := make([][]byte, s.sizes[dim])
	var sets []boxes.Set
	seen := map[string]bool{}
	for _, f := range s.impossible {
		if key := string(f[dim].AppendKey(nil)); !seen[key] {
			seen[key], sets = true, append(sets, f[dim])
		}
	}
	numbers := map[string]int{}
	out := make([]int, len(keys))
	for i := range keys {
		for _, set := range sets {
			keys[i] = appendBit(keys[i], set.Has(i))
		}
		number, ok := numbers[string(keys[i])]
		if !ok {
			number = len(numbers)
			numbers[string(keys[i])] = number
		}
		out[i] = number
	}
	return out
}

// Only impossibilities about one key can be taken out of a projection, which has one set a key. Those about several, such as of
// kms:EncryptionContext:team with kms:EncryptionContextKeys, are left to the describer.
func (s *space) findSent(callerAt, actionAt int) *sent {
	out := &sent{can: make([]boxes.Set, len(s.dims))}
	for i, f := range s.impossible {
		if !f[dimCaller].Has(callerAt) || !f[dimAction].Has(actionAt) {
			continue
		}
		only, keys := -1, 0
		for k := range s.dims {
			if f[dimKeys+k] != nil {
				only, keys = k, keys+1
			}
		}
		switch {
		case keys == 1:
			out.can[only] = out.can[only].Minus(f[dimKeys+only], len(s.dims[only].classes))
		case keys > 1:
			out.ties = append(out.ties, i)
		}
	}
	return out
}

// possible are the classes of each key that a caller's request for an action can have; nil is all.
func (s *space) possible(callerAt, actionAt int) []boxes.Set { return s.sentBy(callerAt, actionAt).can }

func appendBit(to []byte, set bool) []byte {
	if set {
		return append(to, 1)
	}
	return append(to, 0)
}
