package source

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

var (
	unknownAnchor = regexp.MustCompile(`unknown anchor '([^']*)' referenced`)
	keyInLine     = regexp.MustCompile(`[^\s:]:(\s)`)
	badStart      = regexp.MustCompile("(?:^|[\\s\\[{,])([*&@`%])")
)

// explainName explains what the library says about one name.
func explainName(f *File, c chunk, _ *outline, message string, _ int) (fault, bool) {
	match := unknownAnchor.FindStringSubmatch(message)
	if match == nil {
		return fault{}, false
	}
	alias := "*" + match[1]
	found := fault{c.start, c.start, fmt.Sprintf("The alias %s names no anchor above it.", alias), fmt.Sprintf(`Write &%s before the value that it stands for; as text it needs quotes: "%s".`, match[1], alias)}
	for i := c.start; i < c.end; i++ {
		if bytes.HasPrefix(f.Text[i:c.end], []byte(alias)) && skipWord(f.Text[:c.end], i) == i+len(alias) {
			found.start, found.end = i, i+len(alias)
			break
		}
	}
	return found, true
}

// explainOutline explains brackets, quotes and tabs.
func explainOutline(f *File, c chunk, o *outline, message string, line int) (fault, bool) {
	text := f.Text
	quotes := strings.Contains(message, "unexpected end of stream") || strings.Contains(message, "unexpected document indicator")
	switch {
	case strings.Contains(message, "escape") || strings.Contains(message, "hexdecimal"):
		return badEscape(text, c)
	case o.tab >= 0 && !quotes && (strings.Contains(message, "tab") || strings.Contains(message, "cannot start any token") || strings.Contains(message, "expected")):
		return fault{o.tab, o.tab + 1, "A tab indents this line; YAML takes spaces alone.", "Indent with spaces."}, true
	case o.junk >= 0 && strings.Contains(message, "did not find expected") && line-f.lines.yamlLine(o.junk) <= 1:
		return fault{o.junk, o.junk + 1, "Something stands behind the end of the value.", "Take it out, or put the whole text into quotes."}, true
	case o.quote >= 0 && quotes:
		return fault{o.quote, o.quote + 1, fmt.Sprintf("The quote %c that opens here is never closed.", text[o.quote]), fmt.Sprintf("Write %c at the end of the text.", text[o.quote])}, true
	case o.mismatch >= 0 && len(o.brackets) > 0:
		open := text[o.brackets[len(o.brackets)-1]]
		return fault{o.mismatch, o.mismatch + 1, fmt.Sprintf("The bracket %c closes what %c opened.", text[o.mismatch], open), fmt.Sprintf("Write %c.", open+2)}, true
	case o.mismatch >= 0:
		return fault{o.mismatch, o.mismatch + 1, fmt.Sprintf("The bracket %c closes nothing.", text[o.mismatch]), "Take it out, or open it before."}, true
	case len(o.brackets) > 0 && !strings.Contains(message, "anchor") && !strings.Contains(message, "alias"):
		i := o.brackets[len(o.brackets)-1]
		return fault{i, i + 1, fmt.Sprintf("The bracket %c that opens here is never closed.", text[i]), fmt.Sprintf("Write %c at its end.", text[i]+2)}, true
	}
	return fault{}, false
}

// badEscape finds the first backslash in double quotes that starts no escape of YAML's.
func badEscape(text []byte, c chunk) (fault, bool) {
	for i := c.start; i+1 < c.end; i++ {
		if text[i] != '\\' {
			continue
		}
		_, known := escapes[text[i+1]]
		_, isHex := hexValue(text[:c.end], i+2, escapeDigits[text[i+1]])
		if (known && text[i+1] != '/') || escapeDigits[text[i+1]] > 0 && isHex || breakLen(text, i+1) > 0 {
			i++
			continue
		}
		return fault{i, i + 2, fmt.Sprintf("In double quotes %s is no escape.", text[i:i+2]), `Write \\ for a backslash, or use single quotes.`}, true
	}
	return fault{}, false
}

// explainLine explains what the library says about a line.
func explainLine(f *File, c chunk, _ *outline, message string, line int) (fault, bool) {
	start, end := f.lines.solidLine(line, c)
	text := f.Text[start:end]
	switch {
	case strings.Contains(message, "mapping values are not allowed"):
		if all := keyInLine.FindAllSubmatchIndex(append(bytes.Clone(text), ' '), -1); len(all) > 1 {
			start += all[1][2] - 1
			end = start + 1
		}
		return fault{start, end, "A colon with a blank behind it makes a key, and no key may stand here.", "Quote the text that has the colon, or check the indentation of this line and the one above."}, true
	case strings.Contains(message, "alphabetic or numeric"), strings.Contains(message, "cannot start any token"):
		if m := badStart.FindSubmatchIndex(text); m != nil {
			return fault{start + m[2], start + m[3], fmt.Sprintf("Text that starts with %s needs quotes.", text[m[2]:m[3]]), fmt.Sprintf(`Write "%s…" with quotes.`, text[m[2]:m[3]])}, true
		}
	case strings.Contains(message, "did not find expected key"), strings.Contains(message, "expected '-' indicator"):
		return fault{start, end, "Around this line the indentation does not fit: neither a field nor an item may stand here.", "Line the fields of one mapping, or the items of one list, up under one another."}, true
	case strings.Contains(message, "could not find expected ':'"):
		return fault{start, end, "A key has no colon here.", "Write key: value; text over more lines is indented further than its key."}, true
	case strings.Contains(message, "sequence entries are not allowed"):
		return fault{start, end, "A list cannot start on the line of its key.", "Put the items on lines of their own, or write [a, b]."}, true
	case strings.Contains(message, "tag"):
		return fault{start, end, "The tag on this line cannot be read.", "Text that starts with ! needs quotes."}, true
	case strings.Contains(message, "comment or line break"), strings.Contains(message, "indentation indicator"):
		return fault{start, end, "Behind | or > only the indentation's digit, + or -, and a comment may stand.", "Put the text on the lines below."}, true
	case strings.Contains(message, "directive"), strings.Contains(message, "document start"), strings.Contains(message, "%"):
		return fault{start, end, "A document starts wrong here.", `Separate documents by a line "---"; text that starts with % needs quotes.`}, true
	}
	return fault{}, false
}
