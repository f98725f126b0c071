package access

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
	"github.com/keypolicy/keypolicy/compiler/glob"
)

// class is one value of a condition key that represents all that no condition of the policies distinguishes from it.
type class struct {
	values []string // nil is absent
	tag    string   // the account or organization that its values are in, where another key must agree
	loose  bool     // represents sets with any of the names that other keys go with, beside its own value
}

// dimension is one condition key with its classes; the first is its absence.
// Absence is always class 0, also of keys that each request has: whether it can be is said by the impossible
// boxes, not by leaving the class out, so that every set of classes has the same shape.
type dimension struct {
	key     conditionKey
	classes []class
	exact   bool // every value of the key behaves as one of the classes
	conds   []*condition
	apart   []glob.Pattern // what else distinguishes values: what another key asks of them
	namer   *namer
	s       *space
	cost    int // the steps of holding one value against all conditions
}

// Two values with the same string of outcomes are decided alike by every statement of both policies: it is the
// definition of a class.
func (d *dimension) outcomes(values []string) string {
	if d.s != nil {
		d.s.meter.Take(d.cost * max(1, len(values)))
	}
	v := make([]byte, len(d.conds))
	for i, c := range d.conds {
		v[i] = byte(c.evalValues(values, nil))
	}
	return string(v)
}

// present is the set of all classes but absence.
func (d *dimension) present() boxes.Set {
	b := boxes.FullSet(len(d.classes))
	b[0] &^= 1
	return b
}

func (d *dimension) absent() boxes.Set {
	b := boxes.NewSet(len(d.classes))
	b.Add(0)
	return b
}

// where is the set of the classes that fit.
func (d *dimension) where(fits func(a class) bool) boxes.Set {
	b := boxes.NewSet(len(d.classes))
	for i, a := range d.classes {
		if fits(a) {
			b.Add(i)
		}
	}
	return b
}

// dedupe keeps the first of the classes that neither a condition nor a question distinguishes.
// The search finds one text for each way of matching patterns, and several ways can have the same outcome for all
// conditions. The product of all dimensions is what subtraction works on, so each class that is saved here is
// saved many times.
func dedupe(d *dimension, classes []class, asked func(values []string) string) []class {
	seen := map[string]bool{}
	return slices.DeleteFunc(classes, func(a class) bool {
		key := d.outcomes(a.values) + d.marks(a.values) + asked(a.values) + a.tag
		if seen[key] {
			return true
		}
		seen[key] = true
		return false
	})
}

// marks says which of what other keys ask for a set of values holds.
func (d *dimension) marks(values []string) string {
	v := make([]byte, len(d.apart))
	for i, p := range d.apart {
		if slices.ContainsFunc(values, p.Match) {
			v[i] = 1
		}
	}
	return string(v)
}
