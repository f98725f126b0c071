package access

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// settle reports whether the statement is redundant: at every level, and for actions that AWS may add too.
// A statement that adds nothing to direct access can still add delegation, and one that adds nothing today can be
// what allows an action of tomorrow. Redundant means that it can be deleted and no request is ever decided
// differently.
func (c *statementCheck) settle(ask func(at level) question, levels []level, cover []part, why string) {
	future := c.s.all().With(dimAction, c.s.actionsWhere(func(a action) bool { return a.future }))
	open := false
	for _, at := range levels {
		q := ask(at)
		q.where = c.knownActions()
		switch answer, _ := q.ask(); answer {
		case Yes:
			c.out.Status = Live
			return
		case Unknown:
			open = true // another level may show that it does something
			continue
		case No:
		}
		q.where = future
		if found, _ := q.search(classMay, classMust); found {
			c.out.Status = Live
			return
		}
	}
	if open {
		c.unknown()
		return
	}
	c.out.Status, c.out.Why = Redundant, why
	c.out.By = c.fewest(c.overlapping(cover, c.part(delegated)), func() bool {
		for _, at := range levels {
			q := ask(at)
			for _, q.where = range []boxes.Box{c.knownActions(), future} {
				if found, _ := q.search(classMay, classMust); found {
					return false
				}
			}
		}
		return true
	})
}

// maxBy bounds the statements of which the fewest are looked for.
const maxBy = 6

// fewest leaves out statements, the last first, without which the statement is redundant as well.
// "Redundant because of 1, 2 and 7" is hard to check by hand where 2 would do. It is minimal and need not be the
// smallest.
func (c *statementCheck) fewest(by []int, redundant func() bool) []int {
	if len(by) < 2 || len(by) > maxBy {
		return by
	}
	c.skip = map[int]bool{}
	defer func() { c.skip = nil }()
	for _, i := range slices.Backward(by) {
		c.skip[i] = true
		if !redundant() {
			delete(c.skip, i)
		}
	}
	return slices.DeleteFunc(by, func(i int) bool { return c.skip[i] })
}

// overlapping are the statements whose boxes share requests with the part's.
func (c *statementCheck) overlapping(parts []part, with part) []int {
	list := []int{}
	for i := range parts {
		if i == c.at || c.gone[i] {
			continue
		}
		if slices.ContainsFunc(parts[i][classMay], func(b boxes.Box) bool {
			return slices.ContainsFunc(with[classMay], func(o boxes.Box) bool { return !b.Disjoint(o) })
		}) {
			list = append(list, c.r.m.statements[i].index)
		}
	}
	return list
}
