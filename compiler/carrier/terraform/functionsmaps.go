package terraform

func (c *invocation) merge() *value {
	out := &value{kind: object, place: c.place, hole: c.more}
	for _, a := range c.args {
		switch a.kind {
		case null:
		case unknown: // it may replace what is there: nothing stays known
			return nil
		case object:
			if a.hole != nil && len(out.fields) > 0 {
				return nil
			}
			for _, f := range a.fields {
				out = out.with(f.name, f.value)
			}
			out.hole = out.hole.and(a.hole)
		default:
			return nil
		}
	}
	if len(c.args) == 1 {
		out.place = c.args[0].place
	}
	return out
}

func (c *invocation) lookup() *value {
	if len(c.args) < 2 || c.args[0].kind != object {
		return nil
	}
	name, ok := c.args[1].known()
	switch {
	case ok:
	case len(c.args) == 3 && c.args[1].kind == unknown && c.args[0].hole == nil:
		return c.e.oneOf(c.args[0], c.args[1], c.args[2], c.derived())
	default:
		return c.e.member(c.args[0], c.args[1], c.s, c.r)
	}
	if v := c.args[0].get(name); v != nil {
		return v
	}
	switch {
	case c.args[0].hole != nil:
		return nil
	case len(c.args) == 3:
		return c.args[2]
	}
	return failure(c.place)
}

func (c *invocation) keys() *value {
	return c.ofPairs(func(kv pair) *value { return kv.key })
}

func (c *invocation) values() *value {
	if v := c.args0(); v != nil && v.kind == list {
		return failure(c.place)
	}
	return c.ofPairs(func(kv pair) *value { return kv.value })
}

// ofPairs is a list of a part of each key and value of a map.
func (c *invocation) ofPairs(part func(pair) *value) *value {
	v := c.args0()
	if v == nil || v.kind != object && v.kind != handle {
		return nil
	}
	out := newList(v.place)
	out.hole = c.openness(v.hole)
	for _, kv := range c.e.pairs(v) {
		out.items = append(out.items, part(kv))
	}
	return out
}

func (c *invocation) mapping() *value {
	out := &value{kind: object, place: c.place}
	for i := 0; i+1 < len(c.args); i += 2 {
		out = out.with(c.args[i], c.args[i+1])
	}
	return out
}

func (c *invocation) zipmap() *value {
	if len(c.args) != 2 || c.args[0].kind != list || c.args[1].kind != list || c.args[0].firstHole() != nil || len(c.args[0].items) != len(c.args[1].items) {
		return nil
	}
	out := &value{kind: object, place: c.place}
	for i, k := range c.args[0].items {
		out = out.with(k, c.args[1].items[i])
	}
	return out
}
