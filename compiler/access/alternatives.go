package access

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// alternative is contexts as points: of each component the set that fits, nil where it does not matter.
type alternative []boxes.Set

// alternatives are the projections as points, as wide as they can be.
// A report is to read as the policy does, so each alternative is widened as far as the union allows: of `a or (b
// and not a)` the second part is widened to `b`. What a key cannot be anyway is not a limit, and is left away.
func (d *describer) alternatives(list []projection) []alternative {
	return d.widest(d.points(list))
}

// points are the projections as points, as they are.
func (d *describer) points(list []projection) []alternative {
	var out []alternative
	for _, p := range list {
		out = append(out, d.point(p))
	}
	return out
}

func (d *describer) point(p projection) alternative {
	a := make(alternative, len(d.comps))
	for i := range d.comps {
		c := &d.comps[i]
		if matters := slices.ContainsFunc(c.dims, func(dim int) bool { return p[dim] != nil }); !matters {
			continue
		}
		a[i] = c.product(func(dim int) boxes.Set { return p[dim] }).And(d.cans[i])
		if d.cans[i].Within(a[i]) {
			a[i] = nil
		}
	}
	return a
}

// untie leaves out of an alternative what cannot be by what its other keys are: that a key is absent which goes with one of
// them, and what is asked of the names of an encryption context that has the pairs asked for.
// Without it a report would say "only with kms:EncryptionContext:team payments and kms:EncryptionContextKeys
// team", which is one condition said twice.
func (d *describer) untie(a alternative) {
	if len(d.ties) == 0 {
		return
	}
	whole := d.where
	for i, set := range a {
		if c := &d.comps[i]; set != nil && len(c.dims) == 1 {
			whole = whole.With(dimKeys+c.dims[0], set)
		}
	}
	none := func(b boxes.Box, less ...boxes.Box) bool {
		return d.s.subtraction().Covers(d.s.prepared.Union(d.s.impossible, less), b)
	}
	for i, set := range a {
		c := &d.comps[i]
		if dim := dimKeys + c.dims[0]; set != nil && len(c.dims) == 1 && d.tied(dim, whole) {
			k := d.s.dims[c.dims[0]]
			if set.Has(0) && none(whole.With(dim, k.absent())) {
				set = set.And(k.present())
			}
			whole[dim] = nil
			if k.key.lower == keyEncryptionKeys && none(whole, whole.With(dim, set)) {
				set = nil
			}
			a[i], whole[dim] = set, set
		}
	}
}

// tied reports whether another key that is limited can have a say in what a key is.
// A tie to a key that is not limited says nothing: whatever it is, the tied key can go with it.
func (d *describer) tied(dim int, whole boxes.Box) bool {
	return slices.ContainsFunc(d.ties, func(i int) bool {
		f := d.s.impossible[i]
		if f[dim] == nil {
			return false
		}
		for other := dimKeys; other < len(f); other++ {
			if other != dim && f[other] != nil && whole[other] != nil {
				return true
			}
		}
		return false
	})
}
