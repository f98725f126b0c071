package access

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// keyGroup is the keys whose conditions are described together: one, or several that variables compare with each other.
// `StringEquals: {kms:EncryptionContext:team: ${aws:PrincipalTag/team}}` is a diagonal in the plane of two keys,
// and no set of values of either describes it. So such keys are described over the product of their classes.
type keyGroup struct {
	dims   []int // counted from 0, sorted
	sizes  []int
	points int
}

// maxPoints bounds the values of compared keys that are looked at together.
const maxPoints = 20_000

// findGroups groups the keys.
func (s *space) findGroups() []keyGroup {
	group := make([]int, len(s.dims))
	for i := range group {
		group[i] = i
	}
	join := func(a, b int) {
		from, to := max(group[a], group[b]), min(group[a], group[b])
		for i := range group {
			if group[i] == from {
				group[i] = to
			}
		}
	}
	s.conditions(func(_ *model, _ *statement, c *condition) {
		first := -1
		for _, lower := range append(c.variableNames(), c.key.lower) {
			at, ok := s.index[dimensionKey(lower)]
			switch {
			case !ok || len(c.variableNames()) == 0:
			case first < 0:
				first = at - dimKeys
			default:
				join(first, at-dimKeys)
			}
		}
	})
	var list []keyGroup
	for i := range group {
		if group[i] != i {
			continue
		}
		var dims []int
		for j := range group {
			if group[j] == i {
				dims = append(dims, j)
			}
		}
		list = append(list, s.group(dims)...)
	}
	return list
}

// group makes a group of keys, or one of each where together they have more points than are looked at.
// The product of the classes of keys that are compared in a chain grows quickly. Described one by one they are
// described too widely, which the caller reports as limited without saying how.
func (s *space) group(dims []int) []keyGroup {
	whole := keyGroup{points: 1}
	var each []keyGroup
	for _, dim := range dims {
		n := len(s.dims[dim].classes)
		each = append(each, keyGroup{dims: []int{dim}, sizes: []int{n}, points: n})
		whole.dims, whole.sizes = append(whole.dims, dim), append(whole.sizes, n)
		whole.points = min(whole.points*n, maxPoints+1)
	}
	if len(dims) > 1 && whole.points > maxPoints {
		return each
	}
	return []keyGroup{whole}
}

// compares reports whether a variable of a condition is a key of another group.
func (c *keyGroup) compares(s *space, cond *condition) bool {
	return slices.ContainsFunc(append(cond.variableNames(), cond.key.lower), func(name string) bool {
		at, ok := s.index[dimensionKey(name)]
		return ok && !slices.Contains(c.dims, at-dimKeys)
	})
}

// at gives the class of each key at a point, in the slice that is given.
// Points are numbers in a mixed radix, one digit for each key, so that a set of them is a bit set like any other.
func (c *keyGroup) at(point int, out []int) []int {
	for i, n := range c.sizes {
		out[i], point = point%n, point/n
	}
	return out
}

// where is the set of points that fit.
func (c *keyGroup) where(fits func(classes []int) bool) boxes.Set {
	b := boxes.NewSet(c.points)
	classes := make([]int, len(c.dims))
	for p := range c.points {
		if fits(c.at(p, classes)) {
			b.Add(p)
		}
	}
	return b
}

// product is the points of a set of classes of each key. Of one key they are the classes.
func (c *keyGroup) product(of func(dim int) boxes.Set) boxes.Set {
	if len(c.dims) == 1 {
		if set := of(c.dims[0]); set != nil {
			return set
		}
		return boxes.FullSet(c.points)
	}
	sets := make([]boxes.Set, len(c.dims))
	for i, dim := range c.dims {
		sets[i] = of(dim)
	}
	return c.where(func(classes []int) bool {
		for i, a := range classes {
			if !sets[i].Has(a) {
				return false
			}
		}
		return true
	})
}
