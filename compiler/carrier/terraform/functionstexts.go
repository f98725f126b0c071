package terraform

import (
	"slices"
	"strconv"
	"strings"
)

// formatted puts values into a format's verbs, keeping what is not known.
func (c *invocation) formatted(format *value, args []*value) *value {
	out := &value{kind: text, place: format.place}
	next := 0
	for _, p := range format.pieces {
		if p.hole != nil || p.encoded != nil {
			return nil
		}
		at := 0
		for _, m := range verb.FindAllStringSubmatchIndex(p.literal, -1) {
			out.pieces = append(out.pieces, piece{literal: p.literal[at:m[0]], origin: p.origin.slice(at, m[0])})
			at = m[1]
			if p.literal[m[0]:m[1]] == "%%" {
				out.pieces = append(out.pieces, piece{literal: "%"})
				continue
			}
			if m[2] >= 0 {
				n, _ := strconv.Atoi(p.literal[m[2]+1 : m[3]-1])
				next = n - 1
			}
			if next < 0 || next >= len(args) {
				return failure(c.place)
			}
			pieces, ok := args[next].texts()
			next++
			kind := p.literal[m[4]:m[5]]
			if !ok || !slices.Contains([]string{"s", "v", "d", "q"}, kind) {
				return nil
			}
			if kind == "q" {
				pieces = slices.Concat([]piece{{literal: `"`}}, pieces, []piece{{literal: `"`}})
			}
			out.pieces = append(out.pieces, pieces...)
		}
		rest := p.literal[at:]
		if strings.Contains(rest, "%") {
			return nil
		}
		out.pieces = append(out.pieces, piece{literal: rest, origin: p.origin.slice(at, len(p.literal))})
	}
	return out
}

func (c *invocation) format() *value {
	if len(c.args) == 0 || c.args[0].kind != text || c.more != nil {
		return nil
	}
	return c.formatted(c.args[0], c.args[1:])
}

func (c *invocation) formatlist() *value {
	if len(c.args) == 0 || c.args[0].kind != text || c.more != nil {
		return nil
	}
	out := newList(c.place)
	n := -1
	for _, a := range c.args[1:] {
		if a.kind == list {
			if n >= 0 && n != len(a.items) && a.hole == nil && out.hole == nil {
				return failure(c.place)
			}
			if n < 0 || len(a.items) < n {
				n = len(a.items)
			}
			if a.hole != nil {
				out.hole = c.openness(a.hole)
			}
		} else if a.kind == unknown { // one value, or a list of them
			n = 0
			out.hole = c.openness(a.hole)
		}
	}
	if n < 0 {
		n = 1
	}
	for i := range n {
		args := make([]*value, 0, len(c.args))
		for _, a := range c.args[1:] {
			if a.kind == list {
				a = a.items[i]
			}
			args = append(args, a)
		}
		v := c.formatted(c.args[0], args)
		if v == nil {
			return nil
		}
		out.items = append(out.items, v)
	}
	return out
}

func (c *invocation) join() *value {
	if len(c.args) < 2 {
		return nil
	}
	separator, ok := c.args[0].texts()
	if !ok {
		return nil
	}
	out := &value{kind: text, place: c.place}
	add := func(pieces ...piece) { out.pieces = append(out.pieces, pieces...) }
	first := true
	for _, l := range c.args[1:] {
		if l.kind != list {
			return nil
		}
		for _, i := range l.items {
			pieces, ok := i.texts()
			if !ok {
				return nil
			}
			if !first {
				add(separator...)
			}
			first = false
			add(pieces...)
		}
		if l.hole != nil {
			if !first {
				add(separator...)
			}
			first = false
			add(piece{hole: c.openness(l.hole)})
		}
	}
	if len(out.pieces) == 0 {
		return newText("", c.place)
	}
	return out
}

func (c *invocation) split() *value {
	args, ok := c.known()
	if !ok || len(args) != 2 {
		return nil
	}
	out := newList(c.place)
	if args[1] == "" {
		return newList(c.place, newText("", c.args[1].place))
	}
	at := 0
	for part := range strings.SplitSeq(args[1], args[0]) {
		item := newText(part, c.args[1].place)
		if pieces := c.args[1].pieces; len(pieces) == 1 {
			item.pieces[0].origin = pieces[0].origin.slice(at, at+len(part))
			if place, ok := item.pieces[0].origin.span(0, len(part)); ok {
				item.place = place
			}
		}
		at += len(part) + len(args[0])
		out.items = append(out.items, item)
	}
	return out
}

// trimspace takes blanks off both ends; a text that is put together keeps its pieces.
func (c *invocation) trimspace() *value {
	v := c.args0()
	if v == nil || v.kind != text || v.encoded != nil || len(v.pieces) == 0 {
		return v
	}
	out := *v
	out.pieces = slices.Clone(v.pieces)
	last := len(out.pieces) - 1
	trimmed := strings.TrimRight(out.pieces[last].literal, " \t\r\n")
	out.pieces[last].origin = out.pieces[last].origin.slice(0, len(trimmed))
	out.pieces[last].literal = trimmed
	if c.name == "chomp" {
		return &out
	}
	start := out.pieces[0].literal
	trimmed = strings.TrimLeft(start, " \t\r\n")
	out.pieces[0].origin = out.pieces[0].origin.slice(len(start)-len(trimmed), len(start))
	out.pieces[0].literal = trimmed
	return &out
}
