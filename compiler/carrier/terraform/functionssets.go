package terraform

import (
	"slices"
	"strconv"
)

// lists are the arguments, where all of them are lists of which all members are there.
func (c *invocation) lists() ([]*value, bool) {
	ok := c.more == nil && !slices.ContainsFunc(c.args, func(a *value) bool { return a.kind != list || a.hole != nil })
	return c.args, ok && len(c.args) > 0
}

func (c *invocation) subtract() *value {
	of, ok := c.lists()
	if !ok || len(of) != 2 || of[0].firstHole() != nil || of[1].firstHole() != nil {
		return nil
	}
	return c.kept(of[0], func(i *value) bool { return !of[1].has(i) })
}

func (c *invocation) intersection() *value {
	of, ok := c.lists()
	if !ok || slices.ContainsFunc(of, func(a *value) bool { return a.firstHole() != nil }) {
		return nil
	}
	return c.kept(of[0], func(i *value) bool {
		return !slices.ContainsFunc(of[1:], func(other *value) bool { return !other.has(i) })
	})
}

func (c *invocation) kept(of *value, keep func(*value) bool) *value {
	out := newList(c.place)
	out.isSet = true
	for _, i := range of.items {
		if keep(i) {
			out.items = append(out.items, i)
		}
	}
	return out
}

func (c *invocation) tolist() *value {
	v := c.args0()
	if v == nil || !v.isSet {
		return v
	}
	out := *v
	out.isSet = false
	return &out
}

// has reports whether a list has a member.
func (v *value) has(member *value) bool {
	return slices.ContainsFunc(v.items, func(i *value) bool { return i.key() == member.key() })
}

// mostCombined bounds what setproduct makes.
const mostCombined = 10_000

func (c *invocation) product() *value {
	of, ok := c.lists()
	if !ok {
		return nil
	}
	out := newList(c.place, newList(c.place))
	for _, a := range of {
		if len(out.items)*len(a.items) > mostCombined {
			return nil
		}
		var next []*value
		for _, row := range out.items {
			for _, i := range a.items {
				next = append(next, newList(c.place, append(slices.Clone(row.items), i)...))
			}
		}
		out.items = next
	}
	return out
}

func (c *invocation) chunks() *value {
	if len(c.args) != 2 || c.args[0].kind != list || c.args[0].hole != nil || c.more != nil {
		return nil
	}
	size, err := strconv.Atoi(c.args[1].shownKnown())
	switch {
	case err != nil:
		return nil
	case size < 0:
		return failure(c.place)
	case size == 0:
		size = max(len(c.args[0].items), 1)
	}
	out := newList(c.place)
	for chunk := range slices.Chunk(c.args[0].items, size) {
		out.items = append(out.items, newList(c.place, chunk...))
	}
	return out
}

// matching are the members of a list whose keys, which are another list, are in a third one.
func (c *invocation) matching() *value {
	of, ok := c.lists()
	if !ok || len(of) != 3 || of[1].firstHole() != nil || of[2].firstHole() != nil {
		return nil
	}
	if len(of[0].items) != len(of[1].items) {
		return failure(c.place)
	}
	out := newList(c.place)
	for i, key := range of[1].items {
		if of[2].has(key) {
			out.items = append(out.items, of[0].items[i])
		}
	}
	return out
}

func (c *invocation) all() *value { return c.unless("false") }

func (c *invocation) any() *value { return c.unless("true") }

// unless is the value that decides for all of a list if it has that, and else the other one.
func (c *invocation) unless(decides string) *value {
	v := c.args0()
	if v == nil || v.kind != list {
		return nil
	}
	certain := v.hole == nil
	for _, i := range v.items {
		is, known := i.known()
		if is == decides {
			return newBool(decides == "true", c.place)
		}
		certain = certain && known
	}
	if !certain {
		return nil
	}
	return newBool(decides != "true", c.place)
}
