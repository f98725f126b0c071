package compiler

import (
	"bytes"
	"regexp"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// unfilled replaces what is wrong with the syntax of a text that a template engine is to fill in first, such as Terraform's
// templatefile: where something to fill in is not inside quotes, the text is not JSON or YAML yet, and each fault that the reader
// finds is one of that. https://developer.hashicorp.com/terraform/language/expressions/strings#string-templates
func unfilled(file *source.File, found diag.List) diag.List {
	isSyntax := func(d diag.Diagnostic) bool { return d.Reason == "syntax-error" }
	start, end, ok := openPlaceholder(file.Text[file.BOM():])
	if !ok || !slices.ContainsFunc(found, isSyntax) {
		return found
	}
	start, end = start+file.BOM(), end+file.BOM()
	return append(slices.DeleteFunc(found, isSyntax), diag.Diagnostic{
		Rule: "syntax", Reason: "not-filled-in", Severity: diag.Error,
		Message: "`" + string(file.Text[start:end]) + "` is outside of quotes: the file is one that a template engine fills in, and cannot be read before",
		Help:    "check what it becomes; for a file of Terraform's `templatefile`, check the module that uses it: `keypolicy lint DIR`",
		Place:   diag.Place{File: file.Name, Range: file.Span(start, end)},
	})
}

// placeholder is what the widespread template engines fill in. Quotes in it would make it look like what JSON writes with one brace too many.
var placeholder = regexp.MustCompile(`\$\{[^{}\n]*\}|%\{[^{}\n]*\}|\{%[^\n]*%\}|\{\{[^{}"\n]*\}\}`)

// openPlaceholder finds the first part of a text to fill in that is outside of double quotes. In YAML, where text needs no quotes,
// `${…}` is text, and so is a comment.
func openPlaceholder(text []byte) (start, end int, ok bool) {
	trimmed := bytes.TrimSpace(text)
	json := bytes.HasPrefix(trimmed, []byte("{")) && !bytes.HasPrefix(trimmed, []byte("{{")) || bytes.HasPrefix(trimmed, []byte("["))
	quoted := false
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quoted:
			i++
		case text[i] == '"':
			quoted = !quoted
		case quoted:
		case text[i] == '#' && !json:
			i += max(0, bytes.IndexByte(text[i:], '\n'))
		case text[i] == '$' && json, text[i] == '%', text[i] == '{':
			if at := placeholder.FindIndex(text[i:]); at != nil && at[0] == 0 {
				return i, i + at[1], true
			}
		}
	}
	return 0, 0, false
}
