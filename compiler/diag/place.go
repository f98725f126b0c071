package diag

import "strings"

// Pos is a position in a file.
type Pos struct {
	Line   int // from 1
	Column int // from 1, in Unicode characters, not bytes
	Offset int // from 0, in bytes
}

// Range is a stretch of a file: Start is inside it, End is one past its last character.
type Range struct {
	Start, End Pos
}

// IsZero reports whether the range is of no file.
func (r Range) IsZero() bool { return r == Range{} }

// Path leads from the root of a document to a value: strings are fields, ints are positions in lists.
type Path []any

// Pointer writes the path as a JSON pointer (RFC 6901); the root is "".
func (p Path) Pointer() string {
	var b strings.Builder
	for _, step := range p {
		b.WriteByte('/')
		b.WriteString(PointerToken(step))
	}
	return b.String()
}

// Append is the path with further steps; the two share no memory.
func (p Path) Append(steps ...any) Path {
	return append(append(make(Path, 0, len(p)+len(steps)), p...), steps...)
}

// Place is a value's place in a file.
type Place struct {
	File     string
	Document int // from 0
	Range    Range
	Path     string // JSON pointer into the document as written
}

// IsZero reports whether the place is nowhere.
func (p Place) IsZero() bool { return p == Place{} }
