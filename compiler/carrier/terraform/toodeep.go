package terraform

import (
	"fmt"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// deepest is more levels of brackets than anybody writes: the parser would need a stack without end.
const deepest = 200

// tooDeep reports whether a file nests brackets or repeats a prefix operator deeper than is read.
func tooDeep(file *source.File) (diag.Diagnostic, bool) {
	at, deep := deepAt(file.Text)
	if !deep {
		return diag.Diagnostic{}, false
	}
	return tooDeepAt(diag.Place{File: file.Name, Range: file.Span(at, at+1)}), true
}

// tooDeepText is tooDeep for a text within a file.
func tooDeepText(text []byte, place diag.Place) (diag.Diagnostic, bool) {
	if _, deep := deepAt(text); deep {
		return tooDeepAt(place), true
	}
	return diag.Diagnostic{}, false
}

func tooDeepAt(place diag.Place) diag.Diagnostic {
	return diag.Diagnostic{
		Rule: "syntax", Reason: "oversized-input", Severity: diag.Error,
		Message: fmt.Sprintf("the file is nested more than %d levels deep, which is the most that is read", deepest), Place: place,
	}
}

// deepAt is where a text is nested deeper than is read.
func deepAt(text []byte) (at int, deep bool) {
	depth, prefix := 0, 0
	for i, ch := range text {
		switch ch {
		case '(', '[', '{':
			depth++
			prefix = 0
		case ')', ']', '}':
			depth = max(0, depth-1)
			prefix = 0
		case '!', '-', '?':
			prefix++
		case ' ', '\t', '\n', '\r':
		default:
			if ch != '#' {
				prefix = 0
			}
		}
		if depth > deepest || prefix > 10*deepest {
			return i, true
		}
	}
	return 0, false
}
