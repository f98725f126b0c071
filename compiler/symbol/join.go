package symbol

import (
	"slices"
	"strings"
)

// mostJoined is how many references of a joined hole are named.
const mostJoined = 3

// Join is the hole of what several holes represent together, as a list has more members by each of them. Their order does not
// matter.
func Join(holes ...*Hole) *Hole {
	all := slices.Clone(holes)
	slices.SortStableFunc(all, func(a, b *Hole) int { return strings.Compare(a.ID(), b.ID()) })
	all = slices.CompactFunc(all, (*Hole).Equal)
	if len(all) == 1 {
		return all[0]
	}
	out := &Hole{Kind: Attribute, Place: holes[0].Place}
	var refs []string
	for _, h := range all {
		if h.MayHaveWildcards() {
			out.Kind = Variable
		}
		if !slices.Contains(refs, h.Ref) {
			refs = append(refs, h.Ref)
		}
		out.Definition += "\x00" + h.ID()
	}
	out.Ref = strings.Join(refs[:min(len(refs), mostJoined)], ", ")
	if len(refs) > mostJoined {
		out.Ref += " and others"
	}
	return out
}
