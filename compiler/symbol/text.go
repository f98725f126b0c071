package symbol

import "strings"

// Part is one stretch of a text: literal, or a hole.
type Part struct {
	Literal string
	Hole    *Hole // nil where the part is literal
}

// Text is a text of which parts are not known. Without holes it is nil: a text that is known is a string.
type Text []Part

// NewText makes a text of parts; empty literals are dropped, and neighbouring ones joined. known is true where no part is a
// hole: the text is then nil, and literal is what it says.
func NewText(parts ...Part) (text Text, literal string, known bool) {
	holes := false
	for _, p := range parts {
		switch last := len(text) - 1; {
		case p.Hole != nil:
			holes = true
			text = append(text, Part{Hole: p.Hole})
		case p.Literal == "":
		case last >= 0 && text[last].Hole == nil:
			text[last].Literal += p.Literal
		default:
			text = append(text, Part{Literal: p.Literal})
		}
	}
	if holes {
		return text, "", false
	}
	for _, p := range text {
		literal += p.Literal
	}
	return nil, literal, true
}

// Of is the text that is one hole.
func Of(h *Hole) Text { return Text{{Hole: h}} }

// Whole is the hole that is the whole text; nil where there is none.
func (t Text) Whole() *Hole {
	if len(t) == 1 {
		return t[0].Hole
	}
	return nil
}

// First is the first hole; nil where the text is known.
func (t Text) First() *Hole {
	for _, p := range t {
		if p.Hole != nil {
			return p.Hole
		}
	}
	return nil
}

// String writes the text for people, with each hole as its reference.
func (t Text) String() string { return t.Fill((*Hole).String) }

// Fill writes the text with what the function gives for each hole.
func (t Text) Fill(with func(*Hole) string) string {
	var b strings.Builder
	for _, p := range t {
		if p.Hole != nil {
			b.WriteString(with(p.Hole))
		} else {
			b.WriteString(p.Literal)
		}
	}
	return b.String()
}

// ID is one text for all texts that are equal in every run.
func (t Text) ID() string {
	var b strings.Builder
	for _, p := range t {
		b.WriteByte(0)
		if p.Hole != nil {
			b.WriteString("\x01" + p.Hole.ID())
		} else {
			b.WriteString(p.Literal)
		}
	}
	return b.String()
}

// Key writes the text with what distinguishes its holes, so that texts of one key are equal in every run.
func (t Text) Key() string {
	return t.Fill(func(h *Hole) string {
		if h.Instance == "" && h.Definition == "" {
			return h.String()
		}
		return h.String() + "\x00" + h.Instance + "\x00" + h.Definition
	})
}

// MayHaveWildcards reports whether a hole of the text may hold "*" or "?".
func (t Text) MayHaveWildcards() bool {
	for _, p := range t {
		if p.Hole != nil && p.Hole.MayHaveWildcards() {
			return true
		}
	}
	return false
}

// Fits reports whether a text is this one with something in place of each hole, whatever the holes' shapes are. A text without holes
// is nil, which only "" fits.
func (t Text) Fits(text string) bool {
	open := false // a hole is before what is left
	for i, p := range t {
		switch {
		case p.Hole != nil:
			open = true
		case !open:
			rest, ok := strings.CutPrefix(text, p.Literal)
			if !ok {
				return false
			}
			text = rest
		case i == len(t)-1:
			return strings.HasSuffix(text, p.Literal)
		default:
			_, rest, ok := strings.Cut(text, p.Literal)
			if !ok {
				return false
			}
			text, open = rest, false
		}
	}
	return open || text == ""
}
