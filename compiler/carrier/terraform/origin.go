package terraform

import (
	"strings"
	"unicode/utf8"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// origin is where a literal text is in a file, so that a stretch of it has a place too. Without a file it is nowhere.
type origin struct {
	file       *source.File
	start, end int   // in bytes
	offsets    []int // where each byte of the text starts; nil where the text is in the file as it is
	place      diag.Place
	folder     bool // it is path.module, or another of the paths that Terraform gives
}

// span is the place of a stretch of a text.
func (o origin) span(start, end int) (diag.Place, bool) {
	switch {
	case o.file == nil:
		return o.place, !o.place.IsZero()
	case o.offsets == nil:
		return o.at(o.start+start, o.start+end), true
	case start >= len(o.offsets):
		return o.at(o.end, o.end), true
	case end >= len(o.offsets):
		return o.at(o.offsets[start], o.end), true
	default:
		return o.at(o.offsets[start], o.offsets[end]), true
	}
}

func (o origin) at(start, end int) diag.Place {
	return diag.Place{File: o.file.Name, Range: o.file.Span(start, end)}
}

// quoted is the origin with the quotes that the text is written in, where it is a whole one.
func (o origin) quoted() origin {
	if o.start == 0 || o.end >= len(o.file.Text) || o.file.Text[o.start-1] != '"' || o.file.Text[o.end] != '"' || o.offsets != nil {
		return o
	}
	o.start, o.end = o.start-1, o.end+1
	return o
}

// slice is the origin of a stretch of the text.
func (o origin) slice(start, end int) origin {
	switch {
	case o.file == nil:
		return o
	case o.offsets == nil:
		o.start, o.end = o.start+start, o.start+end
	default:
		start, end = min(start, len(o.offsets)), min(end, len(o.offsets))
		last := o.end
		if end < len(o.offsets) {
			last = o.offsets[end]
		}
		o.offsets, o.end = o.offsets[start:end], last
		if start < end {
			o.start = o.offsets[0]
		}
	}
	return o
}

// originOf finds how a text is written between two offsets of a file: as it is, with its indentation taken off, or with
// escapes. https://developer.hashicorp.com/terraform/language/expressions/strings
func originOf(file *source.File, start, end int, literal string) origin {
	o := origin{file: file, start: start, end: end}
	if start < 0 || end > len(file.Text) || start > end {
		return origin{}
	}
	written := string(file.Text[start:end])
	if written == literal {
		return o
	}
	if before, after, ok := strings.Cut(written, literal); ok && literal != "" && isBlank(before) && isBlank(after) {
		o.start = start + len(before)
		o.end = o.start + len(literal)
		return o
	}
	o.offsets = unescaped(written, literal, start)
	if o.offsets == nil {
		o.offsets = unindented(written, literal, start)
	}
	if o.offsets == nil { // all of the text has the place of the whole
		o.offsets = make([]int, len(literal))
		for i := range o.offsets {
			o.offsets[i] = start
		}
	}
	return o
}

// unindented follows the lines of a heredoc whose indentation is taken off; nil where that does not give the literal.
func unindented(written, literal string, start int) []int {
	from, to := strings.SplitAfter(written, "\n"), strings.SplitAfter(literal, "\n")
	if len(from) != len(to) {
		return nil
	}
	var offsets []int
	for i, line := range from {
		indent := len(line) - len(strings.TrimLeft(line, " \t"))
		found := false
		for n := 0; n <= indent && !found; n++ {
			if more := unescaped(line[n:], to[i], start+n); more != nil || to[i] == "" && line[n:] == "" {
				offsets, found = append(offsets, more...), true
			}
		}
		if !found {
			return nil
		}
		start += len(line)
	}
	return offsets
}

// unescaped follows the escapes of a quoted text; nil where that does not give the literal.
func unescaped(written, literal string, start int) []int {
	var out strings.Builder
	var offsets []int
	add := func(s string, at int) {
		out.WriteString(s)
		for range len(s) {
			offsets = append(offsets, start+at)
		}
	}
	for i := 0; i < len(written); {
		rest := written[i:]
		switch {
		case strings.HasPrefix(rest, "$${"), strings.HasPrefix(rest, "%%{"):
			add(rest[1:3], i)
			i += 3
		case rest[0] == '\\' && len(rest) > 1:
			size := 2
			switch rest[1] {
			case 'n':
				add("\n", i)
			case 'r':
				add("\r", i)
			case 't':
				add("\t", i)
			case 'u', 'U':
				size = 6
				if rest[1] == 'U' {
					size = 10
				}
				if len(rest) < size {
					return nil
				}
				add(string(hexRune(rest[2:size])), i)
			default:
				add(rest[1:2], i)
			}
			i += size
		default:
			_, size := utf8.DecodeRuneInString(rest)
			add(rest[:size], i)
			i += size
		}
	}
	if out.String() != literal {
		return nil
	}
	return offsets
}

func hexRune(digits string) rune {
	r := rune(0)
	for _, c := range digits {
		r <<= 4
		switch {
		case c >= '0' && c <= '9':
			r |= c - '0'
		case c >= 'a' && c <= 'f':
			r |= c - 'a' + 10
		case c >= 'A' && c <= 'F':
			r |= c - 'A' + 10
		default:
			return utf8.RuneError
		}
	}
	return r
}
