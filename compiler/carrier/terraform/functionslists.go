package terraform

import (
	"slices"
	"strconv"
	"strings"
)

func (c *invocation) concat() *value {
	out := newList(c.place)
	out.hole = c.more
	for _, a := range c.args {
		switch a.kind {
		case list:
			c.e.budget -= len(a.items)
			if c.e.budget < 0 {
				return nil
			}
			out.items = append(out.items, a.items...)
			out.hole = out.hole.and(a.hole)
		case unknown:
			out.hole = out.hole.and(a.hole)
		case handle:
			return nil
		default:
			return failure(c.place)
		}
	}
	if len(c.args) == 1 {
		out.place = c.args[0].place
	}
	return out
}

func (c *invocation) flatten() *value {
	v := c.args0()
	if v == nil || v.kind != list {
		return nil
	}
	out := newList(v.place)
	out.hole = v.hole
	var walk func(items []*value)
	walk = func(items []*value) {
		for _, i := range items {
			c.e.budget--
			if c.e.budget < 0 {
				return
			}
			if i.kind != list {
				out.items = append(out.items, i)
				continue
			}
			out.hole = out.hole.and(i.hole)
			walk(i.items)
		}
	}
	walk(v.items)
	return out
}

func (c *invocation) compact() *value {
	v := c.args0()
	if v == nil || v.kind != list {
		return nil
	}
	out := newList(v.place)
	out.hole = v.hole
	for _, i := range v.items {
		if i.kind != null && !i.isEmpty() {
			out.items = append(out.items, i)
		}
	}
	return out
}

func (c *invocation) distinct() *value {
	v := c.args0()
	if v == nil || v.kind != list {
		return v
	}
	out := newList(v.place)
	out.hole = v.hole
	out.isSet = c.name != "distinct"
	have := map[string]bool{}
	for _, i := range v.items {
		if k := i.key(); !have[k] {
			have[k] = true
			out.items = append(out.items, i)
		}
	}
	return out
}

func (c *invocation) union() *value {
	all := c.concat()
	if all == nil || all.kind != list {
		return all
	}
	c.args, c.more = []*value{all}, nil
	return c.distinct()
}

func (c *invocation) sorted() *value {
	v := c.args0()
	if v == nil || v.kind != list {
		return nil
	}
	out := *v
	out.isSet = false
	out.items = slices.Clone(v.items)
	slices.SortStableFunc(out.items, func(a, b *value) int { return strings.Compare(a.shown(), b.shown()) })
	return &out
}

func (c *invocation) reverse() *value {
	v := c.args0()
	if v == nil || v.kind != list {
		return nil
	}
	out := *v
	out.items = slices.Clone(v.items)
	slices.Reverse(out.items)
	return &out
}

func (c *invocation) coalescelist() *value {
	for _, a := range c.args {
		switch {
		case a.kind == null, a.kind == list && len(a.items) == 0 && a.hole == nil:
		case a.kind == list && len(a.items) == 0, a.kind == unknown:
			return nil
		default:
			return a
		}
	}
	return failure(c.place)
}

func (c *invocation) length() *value {
	v := c.args0()
	switch {
	case v == nil:
		return nil
	case v.kind == unknown:
		if only := c.s.lookup(onlyMember); only != nil && only.key() == v.key() {
			return newNumber("1", c.place)
		}
	case v.kind == list && v.hole == nil:
		return newNumber(strconv.Itoa(len(v.items)), c.place)
	case v.kind == object && v.hole == nil:
		return newNumber(strconv.Itoa(len(v.fields)), c.place)
	case v.kind == handle && c.e.expansionOf(v.block).known:
		return newNumber(strconv.Itoa(len(c.e.expansionOf(v.block).list)), c.place)
	case v.kind == list || v.kind == object:
		out := c.derived()
		out.least = len(v.items) + len(v.fields)
		return out
	case v.kind == text:
		if s, ok := v.known(); ok {
			return newNumber(strconv.Itoa(len([]rune(s))), c.place)
		}
	}
	return nil
}

func (c *invocation) contains() *value {
	if len(c.args) != 2 || c.args[0].kind != list {
		return nil
	}
	certain := c.args[0].hole == nil
	for _, i := range c.args[0].items {
		same, ok := equal(i, c.args[1])
		if ok && same {
			return newBool(true, c.place)
		}
		certain = certain && ok
	}
	if !certain {
		return nil
	}
	return newBool(false, c.place)
}

func (c *invocation) element() *value {
	if len(c.args) != 2 || c.args[0].kind != list || c.args[0].hole != nil || len(c.args[0].items) == 0 {
		return nil
	}
	s, ok := c.args[1].known()
	if !ok {
		return c.e.member(c.args[0], c.args[1], c.s, c.r)
	}
	i, err := strconv.Atoi(s)
	if err != nil || i < 0 {
		return nil
	}
	return c.args[0].items[i%len(c.args[0].items)]
}

func (c *invocation) one() *value {
	v := c.args0()
	switch {
	case v == nil || v.kind != list || v.hole != nil:
		return nil
	case len(v.items) == 0:
		return newNull(c.place)
	case len(v.items) == 1:
		return v.items[0]
	}
	return failure(c.place)
}

func (c *invocation) tuple() *value { return newList(c.place, c.args...).open(c.more) }

func (c *invocation) slice() *value {
	if len(c.args) != 3 || c.args[0].kind != list || c.args[0].hole != nil {
		return nil
	}
	from, err1 := strconv.Atoi(c.args[1].literal)
	to, err2 := strconv.Atoi(c.args[2].literal)
	if err1 != nil || err2 != nil {
		return nil
	}
	if from < 0 || to < from || to > len(c.args[0].items) {
		return failure(c.place)
	}
	return newList(c.place, c.args[0].items[from:to]...)
}
