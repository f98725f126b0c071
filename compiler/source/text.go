package source

import "github.com/keypolicy/keypolicy/compiler/diag"

// LoadText takes the text of a file that another package reads: it has no documents. What cannot be read as text is reported.
func LoadText(name string, data []byte, limits Limits) (*File, diag.List) {
	return load(name, data, limits, func(*File, Limits) diag.List { return nil })
}

// Span is the stretch of the file between two offsets in bytes, its columns in characters.
func (f *File) Span(start, end int) diag.Range { return f.lines.span(start, end) }

// BOM is the length in bytes of the byte order mark at the file's start: 0 where it has none.
func (f *File) BOM() int { return f.lines.bom }

// ReadJSON reads a text that is put together from several places as one JSON document; at gives the place of a stretch of it. What is
// wrong with it is reported at the places too.
func ReadJSON(text []byte, limits Limits, at func(start, end int) diag.Place) (*Node, diag.List) {
	whole := at(0, len(text))
	r := newJSONReader(builder{file: &File{Name: whole.File}, document: whole.Document, limits: limits.orDefault()}, text)
	r.at = func(start, end int, _ string) (diag.Place, []diag.Place) { return at(start, end), nil }
	if blank(text) {
		r.report("syntax-error", "there is no JSON document here", "write a JSON object", whole)
		return nil, r.found
	}
	return r.read(), r.found
}
