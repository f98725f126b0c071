package keypolicy

import (
	"fmt"
	"maps"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// comparison is what differs in one pair of worlds that can be together.
type comparison struct {
	assumed    []symbol.Assumption
	difference *access.Difference
}

type comparisons []comparison

// fold merges the differences of all pairs into one: what every pair has is kept, and what only some have is not known. nil without a pair.
func (list comparisons) fold() *access.Difference {
	if len(list) == 0 {
		return nil
	}
	out := &access.Difference{Equivalent: true, Added: []access.Change{}, Removed: []access.Change{}, Future: []access.Change{}}
	for _, one := range list {
		d := one.difference
		out.Equivalent = out.Equivalent && d.Equivalent
		out.Unknown = append(out.Unknown, d.Unknown...)
		out.May.Add, out.May.Remove, out.May.Future = out.May.Add || d.May.Add, out.May.Remove || d.May.Remove, out.May.Future || d.May.Future
		for _, r := range d.Remarks {
			if !slices.Contains(out.Remarks, r) {
				out.Remarks = append(out.Remarks, r)
			}
		}
	}
	for _, kind := range []struct {
		what string
		of   func(*access.Difference) *[]access.Change
		may  *bool
	}{
		{"added", func(d *access.Difference) *[]access.Change { return &d.Added }, &out.May.Add},
		{"removed", func(d *access.Difference) *[]access.Change { return &d.Removed }, &out.May.Remove},
		{"added for actions to come", func(d *access.Difference) *[]access.Change { return &d.Future }, &out.May.Future},
	} {
		to := kind.of(out)
		said := map[string]bool{}
		for _, one := range list {
			for _, c := range *kind.of(one.difference) {
				in := list.where(func(d *access.Difference) bool {
					return slices.ContainsFunc(*kind.of(d), func(have access.Change) bool { return sameChange(have, c) })
				})
				have := slices.ContainsFunc(*to, func(have access.Change) bool { return sameChange(have, c) })
				switch text := fmt.Sprintf("%s: %s is %s where %s.", c.Principal, few(c.Actions), kind.what, list.words(in)); {
				case len(in) == len(list) && !have:
					*to = append(*to, c)
				case len(in) < len(list) && !said[text]:
					said[text], *kind.may = true, true
					out.Unknown = append(out.Unknown, yetUnknown("%s", text))
				}
			}
		}
	}
	out.Unknown = sortedReasons(out.Unknown)
	return out
}

// where are the comparisons of which something is so.
func (list comparisons) where(is func(*access.Difference) bool) map[int]bool {
	in := map[int]bool{}
	for i, one := range list {
		if is(one.difference) {
			in[i] = true
		}
	}
	return in
}

// words says in which comparisons something is so: by what these have in common, where no other has that.
func (list comparisons) words(in map[int]bool) string {
	first := slices.Min(slices.Collect(maps.Keys(in)))
	common := slices.Clone(list[first].assumed)
	for i := range in {
		common = slices.DeleteFunc(common, func(a symbol.Assumption) bool { return !assumes(list[i].assumed, a) })
	}
	apart := len(common) > 0
	for i, one := range list {
		apart = apart && (in[i] || slices.ContainsFunc(common, func(a symbol.Assumption) bool { return !assumes(one.assumed, a) }))
	}
	if !apart {
		common = list[first].assumed
	}
	text := assumed(spec.World{Assumed: common})
	if more := len(in) - 1; !apart && more > 0 {
		text += fmt.Sprintf(", and in %d other combinations of conditions", more)
	}
	return text
}
