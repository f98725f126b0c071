package source

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

var (
	unknownAnchor = regexp.MustCompile(`unknown anchor '([^']*)' referenced`)
	keyInLine     = regexp.MustCompile(`[^\s:]:(\s)`)
	badStart      = regexp.MustCompile("(?:^|[\\s\\[{,])([*&@`%])")
	listInLine    = regexp.MustCompile(`[:?]\s+(-)(?:\s|$)`)
	bareDash      = regexp.MustCompile(`^-[^\s-]`)
	bareColon     = regexp.MustCompile(`^([A-Za-z_][\w-]*):([^\s:/][^:]*)$`) // not an ARN or an address
	otherBlank    = regexp.MustCompile(`^[\x{A0}\x{1680}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}]+`)
	keyMark       = regexp.MustCompile(`[:?]\s+(\?)(?:\s|$)`)
	blockHeader   = regexp.MustCompile(`(?:^|\s)([|>]\S*)`)
	tagInLine     = regexp.MustCompile(`(?:^|[\s\[{,])(!\S*)`)
	valueMissing  = regexp.MustCompile(`(?:^|[:?\-,\[{]\s*)([,\]}])`)
)

// IsBareDash reports whether a text begins with a dash that has no blank behind it, so that it begins no item of a list.
func IsBareDash(text string) bool { return bareDash.MatchString(text) }

// explainName explains what the library says about one name.
func explainName(f *File, c chunk, _ *outline, message string, _ int) (fault, bool) {
	match := unknownAnchor.FindStringSubmatch(message)
	if match == nil {
		return fault{}, false
	}
	alias := "*" + match[1]
	found := fault{c.start, c.start, fmt.Sprintf("the alias %s names no anchor above it", alias), fmt.Sprintf(`write &%s before the value that it represents; as text it needs quotes: "%s"`, match[1], alias)}
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
	case strings.Contains(message, "escape") && !strings.Contains(message, "URI") || strings.Contains(message, "hexdecimal"):
		return badEscape(text, c)
	case o.tab >= 0 && !quotes && (strings.Contains(message, "tab") || strings.Contains(message, "cannot start any token") || strings.Contains(message, "expected")):
		return fault{o.tab, o.tab + 1, "a tab indents this line; YAML takes only spaces", "indent with spaces"}, true
	case o.junk >= 0 && strings.Contains(message, "did not find expected") && line-f.lines.yamlLine(o.junk) <= 1:
		return fault{o.junk, o.junk + 1, "unexpected text after the end of the value", "remove it, or put the whole text into quotes"}, true
	case o.quote >= 0 && quotes:
		return fault{o.quote, o.quote + 1, fmt.Sprintf("the quote %c that opens here is never closed", text[o.quote]), fmt.Sprintf("write %c at the end of the text", text[o.quote])}, true
	case o.mismatch >= 0 && len(o.brackets) > 0:
		open := text[o.brackets[len(o.brackets)-1]]
		return fault{o.mismatch, o.mismatch + 1, fmt.Sprintf("the bracket %c closes what %c opened", text[o.mismatch], open), fmt.Sprintf("write %c", open+2)}, true
	case o.mismatch >= 0:
		return fault{o.mismatch, o.mismatch + 1, fmt.Sprintf("the bracket %c closes nothing", text[o.mismatch]), "remove it, or open it before"}, true
	case len(o.brackets) > 0 && !strings.Contains(message, "anchor") && !strings.Contains(message, "alias"):
		i := o.brackets[len(o.brackets)-1]
		return fault{i, i + 1, fmt.Sprintf("the bracket %c that opens here is never closed", text[i]), fmt.Sprintf("write %c at its end", text[i]+2)}, true
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
		if digits := escapeDigits[text[i+1]]; digits > 0 && isHex {
			if r, _ := hexValue(text[:c.end], i+2, digits); !utf8.ValidRune(r) {
				end := i + 2 + digits
				return fault{i, end, fmt.Sprintf("%s is not a Unicode character", text[i:end]), `write the character itself, or \U and its eight digits: YAML does not accept a pair of \u as JSON does`}, true
			}
		}
		if (known && text[i+1] != '/') || escapeDigits[text[i+1]] > 0 && isHex || breakLen(text, i+1) > 0 {
			i++
			continue
		}
		return fault{i, i + 2, fmt.Sprintf("in double quotes %s is not an escape", text[i:i+2]), `write \\ for a backslash, or use single quotes`}, true
	}
	return fault{}, false
}

// isItem reports whether the line above the one that begins at start is a list's item of a text only, with its dash right above it.
func isItem(text []byte, start int) bool {
	line := bytes.LastIndexByte(text[:start], '\n') + 1
	if line == 0 {
		return false
	}
	above := text[bytes.LastIndexByte(text[:line-1], '\n')+1 : line-1]
	indent, item, ok := bytes.Cut(above, []byte("- "))
	return ok && len(indent) == start-line && len(bytes.TrimSpace(indent)) == 0 && !bytes.Contains(append(bytes.Clone(item), ' '), []byte(": "))
}

// explainLine explains what the library says about a line.
func explainLine(f *File, c chunk, _ *outline, message string, line int) (fault, bool) {
	start, end := f.lines.solidLine(line, c)
	text := f.Text[start:end]
	narrow := func(e *regexp.Regexp) {
		if m := e.FindSubmatchIndex(text); m != nil {
			start, end = start+m[2], start+m[3]
		}
	}
	switch {
	case strings.Contains(message, "mapping values are not allowed"):
		if all := keyInLine.FindAllSubmatchIndex(append(bytes.Clone(text), ' '), -1); len(all) > 0 {
			start += all[min(1, len(all)-1)][2] - 1
			end = start + 1
		}
		return fault{start, end, "a colon with a blank behind it makes a key, and a key is not allowed here", "quote the text that has the colon, or check the indentation of this line and the one above"}, true
	case strings.Contains(message, "alphabetic or numeric"), strings.Contains(message, "cannot start any token"):
		if m := badStart.FindSubmatchIndex(text); m != nil {
			return fault{start + m[2], start + m[3], fmt.Sprintf("text that starts with %s needs quotes", text[m[2]:m[3]]), fmt.Sprintf(`write "%s…" with quotes`, text[m[2]:m[3]])}, true
		}
	case isMisfit(message):
		start, end = f.lines.solidLine(misfit(f, c, line), c)
		return fault{start, end, "around this line the indentation does not fit: neither a field nor an item is allowed here", "line the fields of one mapping, or the items of one list, up under one another"}, true
	case strings.Contains(message, "could not find expected ':'") && otherBlank.Match(text):
		m := otherBlank.FindSubmatchIndex(text)
		return fault{start, start + m[1], fmt.Sprintf("the blank %U is at the beginning of this line; YAML takes only spaces", []rune(string(text))[0]), "indent with spaces"}, true
	case strings.Contains(message, "could not find expected ':'") && IsBareDash(string(text)):
		return fault{start, end, "a dash has no blank behind it here", fmt.Sprintf("write - %s", bytes.TrimPrefix(text, []byte("-")))}, true
	case strings.Contains(message, "could not find expected ':'") && isItem(f.Text, start):
		return fault{start, end, "an item of a list has no dash here", fmt.Sprintf("write - %s", text)}, true
	case strings.Contains(message, "could not find expected ':'") && bareColon.Match(text) && !bytes.HasPrefix(text, []byte("kms:")):
		return fault{start, end, "a colon has no blank behind it here", fmt.Sprintf("write %s", bareColon.ReplaceAll(text, []byte("$1: $2")))}, true
	case strings.Contains(message, "could not find expected ':'"):
		return fault{start, end, "a key has no colon here", "write key: value; text over more lines is indented further than its key"}, true
	case strings.Contains(message, "mapping keys are not allowed"):
		narrow(keyMark)
		return fault{start, end, "a question mark with a blank behind it makes a key, and a key is not allowed here", "quote the text that starts with it"}, true
	case strings.Contains(message, "expected node content") && bytes.HasPrefix(text, []byte("-")):
		return fault{start, start + 1, "between brackets the items of a list have no dash", "write [a, b], or the list without brackets"}, true
	case strings.Contains(message, "expected node content"):
		narrow(valueMissing)
		return fault{start, end, "a value is missing here", "write the value; text that starts with a comma or a bracket needs quotes"}, true
	case strings.Contains(message, "expected ',' or"):
		return fault{start, end, "inside brackets a comma is missing, or a key is not allowed here", "put a comma between two values, and quote text that has a colon"}, true
	case strings.Contains(message, "sequence entries are not allowed"):
		narrow(listInLine)
		return fault{start, end, "a list cannot start on the line of its key", "put the items on lines of their own, or write [a, b]"}, true
	case strings.Contains(message, "tag"), strings.Contains(message, "URI"), strings.Contains(message, "expected '>'"):
		narrow(tagInLine)
		return fault{start, end, "the tag on this line cannot be read", "text that starts with ! needs quotes"}, true
	case strings.Contains(message, "comment or line break"), strings.Contains(message, "indentation indicator"):
		narrow(blockHeader)
		return fault{start, end, "after | or > only the indentation's digit, + or -, and a comment are allowed", "put the text on the lines below"}, true
	case strings.Contains(message, "document start") && !bytes.HasPrefix(text, []byte("%")):
		return fault{start, end, "this line is indented less than the lines above that it belongs to", "line the fields of one mapping, or the items of one list, up under one another"}, true
	case strings.Contains(message, "directive"), strings.Contains(message, "incompatible YAML"), strings.Contains(message, "version number"), strings.Contains(message, "%"):
		return fault{start, end, "a document starts wrong here", `separate documents by a line "---"; text that starts with % needs quotes`}, true
	}
	return fault{}, false
}
