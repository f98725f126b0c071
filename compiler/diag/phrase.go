package diag

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Phrase makes of a sentence, such as METADATA of a rule has, what messages and help are: they begin with a small letter,
// where that is not a name, and end without a full stop.
func Phrase(sentence string) string {
	text := strings.TrimSuffix(sentence, ".")
	first, size := utf8.DecodeRuneInString(text)
	word, _, _ := strings.Cut(text, " ")
	if second, _ := utf8.DecodeRuneInString(text[size:]); !unicode.IsUpper(first) || unicode.IsUpper(second) || unicode.IsDigit(second) || slices.Contains(elements, word) {
		return text // AWS, S3 …
	}
	return string(unicode.ToLower(first)) + text[size:]
}

// elements are what a statement has, by their names.
var elements = []string{"Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}

// Indefinite is a noun with its article, a or an.
func Indefinite(noun string) string {
	if strings.ContainsRune("aeioAEIO", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// Join lists words as a sentence does, with a word such as "and" before the last: a, b and c.
func Join(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " " + last + " " + words[len(words)-1]
}
