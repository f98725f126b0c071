package terraform

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// match is a stretch of a text that is replaced.
type match struct {
	start, end int
	by         []piece
}

// replace is Terraform's: a pattern between slashes is a regular expression. What is put in need not be known.
func (c *invocation) replace() *value {
	if len(c.args) != 3 || c.more != nil {
		return nil
	}
	pattern, known := c.args[1].known()
	by, isText := c.args[2].texts()
	if !known || !isText {
		return nil
	}
	if s, ok := c.args[0].known(); ok && c.args[0].kind != text {
		c.args[0] = newText(s, c.args[0].place)
	}
	of, known := c.args[0].known()
	if !known {
		return nil
	}
	if p := pattern; len(p) > 1 && p[0] == '/' && p[len(p)-1] == '/' {
		return c.replaceRegexp(p[1:len(p)-1], of)
	}
	if pattern == "" {
		return nil
	}
	var found []match
	for at := 0; ; at = found[len(found)-1].end {
		n := strings.Index(of[at:], pattern)
		if n < 0 {
			return c.replaced(found)
		}
		found = append(found, match{at + n, at + n + len(pattern), by})
	}
}

func (c *invocation) replaceRegexp(pattern, of string) *value {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return failure(c.place)
	}
	template, known := c.args[2].known()
	if !known {
		return nil
	}
	var found []match
	for _, m := range re.FindAllStringSubmatchIndex(of, -1) {
		by := piece{literal: string(re.ExpandString(nil, template, of, m)), origin: origin{place: c.args[2].place}}
		found = append(found, match{m[0], m[1], []piece{by}})
	}
	return c.replaced(found)
}

// indent puts blanks after the ends of a text's lines.
func (c *invocation) indent() *value {
	if len(c.args) != 2 || c.more != nil || c.args[1].kind != text || c.args[1].encoded != nil {
		return nil
	}
	const most = 1000
	n, err := strconv.Atoi(c.args[0].shownKnown())
	if err != nil || n < 0 || n > most || c.args[1].weight() > largest/most {
		return nil
	}
	out := *c.args[1]
	out.size, out.pieces = 0, nil
	for _, p := range c.args[1].pieces {
		if p.encoded != nil { // one line
			out.pieces = append(out.pieces, p)
			continue
		}
		at := 0
		for {
			end := strings.IndexByte(p.literal[at:], '\n')
			if end < 0 {
				break
			}
			end += at + 1
			out.pieces = append(out.pieces, piece{literal: p.literal[at:end], origin: p.origin.slice(at, end)}, piece{literal: strings.Repeat(" ", n), origin: origin{place: c.args[1].place}})
			at = end
		}
		if p.hole != nil || at < len(p.literal) {
			out.pieces = append(out.pieces, piece{literal: p.literal[at:], origin: p.origin.slice(at, len(p.literal)), hole: p.hole})
		}
	}
	return &out
}

// replaced is the first argument with stretches of it replaced. What stays keeps its places.
func (c *invocation) replaced(found []match) *value {
	v := c.args[0]
	if len(found) == 0 {
		return v
	}
	length := 0
	for _, m := range found {
		for _, p := range m.by {
			length += len(p.literal)
		}
	}
	const longest = 1 << 20
	if length > longest {
		return nil
	}
	out := *v
	out.size, out.pieces = 0, nil
	copied, stretch := 0, v.stretches()
	for _, m := range found {
		out.pieces = append(out.pieces, stretch(copied, m.start)...)
		out.pieces = append(out.pieces, m.by...)
		copied = m.end
	}
	out.pieces = append(out.pieces, stretch(copied, v.length())...)
	out.pieces = slices.DeleteFunc(out.pieces, func(p piece) bool { return p.literal == "" && p.hole == nil && p.encoded == nil })
	if len(out.pieces) == 0 {
		return newText("", v.place)
	}
	if h := out.onlyHole(); h != nil {
		return &value{kind: unknown, place: v.place, hole: h}
	}
	return &out
}

// length is that of a text which is known.
func (v *value) length() (n int) {
	for _, p := range v.pieces {
		n += len(p.literal)
	}
	return n
}

// stretches gives the pieces of one stretch of a text which is known after another, in order.
func (v *value) stretches() func(start, end int) []piece {
	i, at := 0, 0
	return func(start, end int) (out []piece) {
		for ; i < len(v.pieces) && at < end; i++ {
			p := v.pieces[i]
			if from, to := max(start-at, 0), min(end-at, len(p.literal)); from < to {
				out = append(out, piece{literal: p.literal[from:to], origin: p.origin.slice(from, to)})
			}
			if at+len(p.literal) > end {
				break
			}
			at += len(p.literal)
		}
		return out
	}
}
