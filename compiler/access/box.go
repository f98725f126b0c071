package access

import (
	"math/bits"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

const (
	dimCaller = 0
	dimAction = 1
	dimKeys   = 2 // and on
)

// keep adds a box that a search found to its list.
func (s *space) keep(list []boxes.Box, b boxes.Box) []boxes.Box {
	s.meter.hold(b.Bytes())
	return append(list, b)
}

// bytesPerSet is about what a set of classes of a box takes.
// A set is a slice header of 24 bytes and, for nearly all keys, one or two words. Sets are shared between boxes as
// they are never changed, so this counts what a new box allocates.
const bytesPerSet = 40

// prepare makes the boxes ready to be taken away, as every question takes the same ones away.
func (s *space) prepare() {
	s.prepared = boxes.Known{}
	s.prepared.Add(s.impossible)
	for _, r := range s.policies {
		for v := range approximations {
			s.prepared.Add(r.denied(v))
			for at := delegated; at <= direct; at++ {
				s.prepared.Add(r.allowed(at, v))
			}
		}
	}
}

func (s *space) subtraction() *boxes.Subtraction {
	return &boxes.Subtraction{Sizes: s.sizes, Meter: s.meter}
}

// without is what is left of each box of a list, in disjoint boxes.
func (s *space) without(list []boxes.Box, less boxes.Union) []boxes.Box {
	sub := s.subtraction()
	var out []boxes.Box
	for _, b := range list {
		sub.Remainder(b, less, func(left boxes.Box) bool {
			out = s.keep(out, slices.Clone(left))
			return true
		})
	}
	return out
}

// maxChoices bounds the classes of a dimension that witnesses are made of.
const maxChoices = 8

// choices are some classes of each dimension of a box, the first ones. Most dimensions of a large policy are not limited.
func choices(b boxes.Box, sizes []int) [][]int {
	all := make([]int, maxChoices)
	for i := range all {
		all[i] = i
	}
	pick := make([][]int, len(b))
	for dim, set := range b {
		if set == nil {
			pick[dim] = all[:min(maxChoices, sizes[dim])]
			continue
		}
		for at, word := range set {
			for ; word != 0 && len(pick[dim]) < maxChoices; word &= word - 1 {
				pick[dim] = append(pick[dim], at*64+bits.TrailingZeros64(word))
			}
		}
	}
	return pick
}
