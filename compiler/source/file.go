package source

import (
	"bytes"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// File is one file, read.
type File struct {
	Name         string
	Text         []byte
	Shown        []byte // what may be shown of the text: of a file that is read in part, only that; at the same offsets
	Documents    []*Document
	Suppressions []Suppression

	lines *lines
	json  bool // it was read as JSON, whose strings are not folded
}

// Hide leaves a stretch of the file out of what may be shown.
func (f *File) Hide(p diag.Place) {
	start, end := p.Range.Start.Offset, p.Range.End.Offset
	if p.File != f.Name || f.Shown == nil || end > len(f.Shown) {
		return
	}
	if len(f.Text) > 0 && &f.Shown[0] == &f.Text[0] {
		f.Shown = bytes.Clone(f.Shown)
	}
	for i := start; i < end; i++ {
		if f.Shown[i] != '\n' && f.Shown[i] != '\r' {
			f.Shown[i] = ' '
		}
	}
}

// Document is one document of a file.
type Document struct {
	Index int   // from 0
	Root  *Node // nil where the document is empty
	Range diag.Range
}

// Suppression is a comment "# keypolicy:ignore RULE[,RULE] until=DATE REASON".
type Suppression struct {
	Rules  []string
	Places []diag.Place // where each of the rules is named
	Until  string       // as written; "" where it has none
	Reason string
	Line   int // the line that it is about: its own, or the next where it is on a line of its own
	Last   int // the last line that it is about; 0 is the same
	Place  diag.Place
}

// Limits bound what is read.
type Limits struct {
	Bytes int // size of the file
	Depth int // levels of nesting
	Nodes int // nodes of a document, after aliases are followed
}

// DefaultLimits are far above any real file; a key policy is at most 32,768 bytes.
var DefaultLimits = Limits{Bytes: 4 << 20, Depth: 100, Nodes: 500_000}
