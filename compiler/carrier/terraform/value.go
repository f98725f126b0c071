package terraform

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// kind is what a value is.
type kind uint8

const (
	unknown kind = iota + 1 // not known before a run
	failed                  // Terraform would refuse the expression: try takes its next argument
	null
	boolean
	number
	text
	list // a tuple, a list or a set
	object
	handle // what a reference to a block gives: its attributes are evaluated when they are asked for
)

// value is a value of an expression, with the place of the literal that it was written as.
type value struct {
	kind    kind
	place   diag.Place
	hole    *hole   // unknown: what it is; list and object: what may be there beside what is known
	literal string  // boolean and number: as written
	pieces  []piece // text
	items   []*value
	isSet   bool // list: each member is its own key
	fields  []field
	block   block  // handle
	encoded *value // text: the value that it is the JSON of, which spares reading it again
	least   int    // unknown: a length that is this at least
	either  *value // unknown: what it is unless it is null or empty
	given   pick   // unknown with either: which option of a choice gives that
	truth   truth  // unknown: when it is true
	size    int    // how much it is with all in it, once that is counted
}

// field is one of an object's.
type field struct {
	name  *value // a text
	value *value
}

// piece is a stretch of a text: literal, or not known.
type piece struct {
	literal string
	origin  origin
	hole    *hole
	encoded *value // the JSON of this value is here
}

// hole is a value that is not known, before it is known for which key it is.
type hole struct {
	symbol.Hole
	provider string  // of the account or the Region that the shape is about
	isKey    bool    // an attribute of a key, which the definition names
	keyName  string  // of that key's block
	joined   []*hole // those that it represents; nil where it is one
}

// and is the hole of what two holes represent: of a collection that may have more members by both. nil is none.
func (h *hole) and(other *hole) *hole {
	switch {
	case h == nil:
		return other
	case other == nil || h.ID() == other.ID():
		return h
	}
	out := &hole{joined: append(slices.Clone(h.parts()), other.parts()...)}
	all := make([]*symbol.Hole, len(out.joined))
	for i, one := range out.joined {
		all[i] = &one.Hole
	}
	out.Hole = *symbol.Join(all...)
	return out
}

func (h *hole) parts() []*hole {
	if h.joined != nil {
		return h.joined
	}
	return []*hole{h}
}

func newUnknown(h *hole) *value { return &value{kind: unknown, place: h.Place, hole: h} }

func newText(s string, place diag.Place) *value {
	return &value{kind: text, place: place, pieces: []piece{{literal: s}}}
}

func newPieces(place diag.Place, pieces ...piece) *value {
	if len(pieces) == 1 && pieces[0].hole != nil {
		return &value{kind: unknown, place: place, hole: pieces[0].hole}
	}
	return &value{kind: text, place: place, pieces: pieces}
}

func newList(place diag.Place, items ...*value) *value {
	return &value{kind: list, place: place, items: items}
}

func newNumber(s string, place diag.Place) *value {
	return &value{kind: number, place: place, literal: s}
}

func newBool(b bool, place diag.Place) *value {
	v := &value{kind: boolean, place: place, literal: "false"}
	if b {
		v.literal = "true"
	}
	return v
}

func newNull(place diag.Place) *value { return &value{kind: null, place: place} }

func failure(place diag.Place) *value { return &value{kind: failed, place: place} }

// open is the value with more beside what is known.
func (v *value) open(h *hole) *value {
	c := *v
	c.hole = h
	return &c
}

// known is a text that is known as a whole.
func (v *value) known() (string, bool) {
	switch v.kind {
	case boolean, number:
		return v.literal, true
	case text:
		if len(v.pieces) == 1 && v.pieces[0].hole == nil && v.pieces[0].encoded == nil {
			return v.pieces[0].literal, true
		}
		var b strings.Builder
		for _, p := range v.pieces {
			if p.hole != nil || p.encoded != nil && p.literal == "" {
				return "", false
			}
			b.WriteString(p.literal)
		}
		return b.String(), v.encoded == nil
	default:
		return "", false
	}
}

// shown is a text for people, with references where it is not known.
func (v *value) shown() string {
	switch v.kind {
	case boolean, number:
		return v.literal
	case unknown:
		return v.hole.String()
	case text:
		var b strings.Builder
		for _, p := range v.pieces {
			if p.hole != nil {
				b.WriteString(p.hole.String())
			}
			b.WriteString(p.literal)
		}
		return b.String()
	default:
		return ""
	}
}

// isEmpty reports whether a text is known to be empty.
func (v *value) isEmpty() bool {
	s, ok := v.known()
	return v.kind == text && ok && s == ""
}

// texts are a text's pieces; false where the value is not text.
func (v *value) texts() ([]piece, bool) {
	switch v.kind {
	case text:
		if v.encoded != nil {
			return []piece{{encoded: v.encoded}}, true
		}
		return v.pieces, true
	case boolean, number:
		return []piece{{literal: v.literal}}, true
	case unknown:
		return []piece{{hole: v.hole}}, true
	default:
		return nil, false
	}
}

// get is a field of an object; nil where it has none.
func (v *value) get(name string) *value {
	for _, f := range v.fields {
		if f.name.shown() == name {
			return f.value
		}
	}
	return nil
}

// with is the object with one more field, or with another value for one; the last of a name counts.
func (v *value) with(name, val *value) *value {
	c := *v
	c.size = 0
	c.fields = make([]field, 0, len(v.fields)+1)
	shown := name.shown()
	replaced := false
	for _, f := range v.fields {
		if f.name.shown() == shown {
			f, replaced = field{name, val}, true
		}
		c.fields = append(c.fields, f)
	}
	if !replaced {
		c.fields = append(c.fields, field{name, val})
	}
	return &c
}

// id is one text for all values that are equal in every run; false where nothing says that.
func (v *value) id(b *strings.Builder) {
	switch v.kind {
	case unknown:
		b.WriteString("\x01" + v.hole.ID() + "\x02")
	case null, failed:
		b.WriteString("\x03")
	case boolean, number:
		b.WriteString("\x04" + v.literal)
	case text:
		if v.encoded != nil {
			b.WriteString("\x0c")
			v.encoded.id(b)
			return
		}
		b.WriteString("\x05")
		for _, p := range v.pieces {
			switch {
			case p.hole != nil:
				b.WriteString("\x01" + p.hole.ID() + "\x02")
			case p.encoded != nil:
				p.encoded.id(b)
			default:
				b.WriteString(p.literal)
			}
		}
	case list:
		b.WriteString("\x06")
		for _, i := range v.items {
			i.id(b)
			b.WriteString("\x07")
		}
		v.idOpen(b)
	case object:
		b.WriteString("\x08")
		for _, f := range v.fields {
			f.name.id(b)
			b.WriteString("\x09")
			f.value.id(b)
			b.WriteString("\x07")
		}
		v.idOpen(b)
	case handle:
		b.WriteString("\x0b" + v.block.address())
	}
}

func (v *value) idOpen(b *strings.Builder) {
	if v.hole != nil {
		b.WriteString("\x0a" + v.hole.ID())
	}
}

func (v *value) key() string {
	var b strings.Builder
	v.id(&b)
	return b.String()
}

// firstHole is the first hole of a value and of all in it; nil where all is known.
func (v *value) firstHole() *hole {
	if v == nil {
		return nil
	}
	if v.encoded != nil {
		return v.encoded.firstHole()
	}
	for _, p := range v.pieces {
		if p.hole != nil {
			return p.hole
		}
		if h := p.encoded.firstHole(); h != nil {
			return h
		}
	}
	for _, i := range v.items {
		if h := i.firstHole(); h != nil {
			return h
		}
	}
	for _, f := range v.fields {
		if h := f.name.firstHole(); h != nil {
			return h
		}
		if h := f.value.firstHole(); h != nil {
			return h
		}
	}
	return v.hole
}
