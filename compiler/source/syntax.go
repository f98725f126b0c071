package source

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// fault is what keeps a document from being read.
type fault struct {
	start, end    int
	message, help string
}

// syntaxError says, in our own words, why a document is not YAML. The library names a line at most, and one too few where its parser
// and not its scanner gave up; so the text is searched for the mistake itself first.
func syntaxError(f *File, c chunk, document int, err error) diag.Diagnostic {
	text := f.Text[:c.end]
	message := err.Error()
	reason := "syntax-error"
	var found fault
	switch {
	case strings.Contains(message, "exceeded max depth"):
		reason = "oversized-input"
		found = fault{c.start, c.start, "the document is nested deeper than can be read", ""}
	default:
		found = explainYAML(f, c, message)
	}
	found.end = min(max(found.end, found.start), len(text))
	return diag.Diagnostic{
		Rule: ruleSyntax, Reason: reason, Severity: diag.Error, Message: found.message, Help: found.help,
		Place: diag.Place{File: f.Name, Document: document, Range: f.lines.span(found.start, found.end)},
	}
}

func explainYAML(f *File, c chunk, message string) fault {
	if found, ok := controlCharacter(f.Text, c); ok {
		return found
	}
	line := errorLine(f, c, message)
	o := newOutline(f.Text, c)
	for _, explain := range []func(*File, chunk, *outline, string, int) (fault, bool){explainName, explainOutline, explainLine} {
		if found, ok := explain(f, c, o, message, line); ok {
			return found
		}
	}
	start, end := f.lines.solidLine(line, c)
	return fault{start, end, "near this line the text is not YAML", "check the indentation, the quotes and the brackets here and on the line above"}
}

// controlCharacter finds a character that YAML does not allow (1.2, 5.1).
func controlCharacter(text []byte, c chunk) (fault, bool) {
	for i := c.start; i < c.end; i++ {
		b := text[i]
		if b < ' ' && b != '\t' && b != '\n' && b != '\r' || b == 0x7F {
			return fault{i, i + 1, fmt.Sprintf("the control character U+%04X is not allowed in YAML", b), "remove it, or write it as an escape in double quotes"}, true
		}
		if b == 0xC2 && text[i+1] < 0xA0 && text[i+1] != 0x85 {
			return fault{i, i + 2, fmt.Sprintf("the control character U+%04X is not allowed in YAML", text[i+1]), "remove it, or write it as an escape in double quotes"}, true
		}
	}
	for _, noncharacter := range []string{"\uFFFE", "\uFFFF"} {
		if i := bytes.Index(text[c.start:c.end], []byte(noncharacter)); i >= 0 {
			return fault{c.start + i, c.start + i + 3, "this is not a Unicode character", "remove it"}, true
		}
	}
	return fault{}, false
}

var (
	lineInMessage  = regexp.MustCompile(`line (\d+): `)
	parserMessages = []string{"did not find expected ',' or", "did not find expected key", "did not find expected '-'", "did not find expected node content", "did not find expected <document", "undefined tag handle", "duplicate %", "incompatible YAML"}
)

// errorLine gives YAML's line, from 0, that an error of the library is about.
func errorLine(f *File, c chunk, message string) int {
	line := f.lines.yamlLine(c.start)
	match := lineInMessage.FindStringSubmatch(message)
	if match == nil {
		return line
	}
	n, err := strconv.Atoi(match[1])
	if err != nil {
		return line
	}
	n--
	for _, m := range parserMessages {
		if strings.Contains(message, m) {
			n++
			break
		}
	}
	return min(line+n, f.lines.yamlLine(max(c.start, c.end-1)))
}

// solidLine gives the range of a line without the blanks around it.
func (l *lines) solidLine(line int, c chunk) (start, end int) {
	start = max(c.start, l.yaml[line])
	end = min(skipLine(l.text, start), c.end)
	body := l.text[start:end]
	start += len(body) - len(bytes.TrimLeft(body, " \t"))
	end -= len(body) - len(bytes.TrimRight(body, " \t"))
	return start, max(start, end)
}
