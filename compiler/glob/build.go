package glob

import "unicode"

// Exact is the pattern that matches one text.
func Exact(text string) Pattern {
	p := make(Pattern, 0, len(text))
	for _, c := range text {
		var s Charset
		s.add(c)
		p = append(p, Token{Set: s})
	}
	return p
}

// Fold is the pattern that matches a text in upper and lower case.
func Fold(text string) Pattern {
	p := make(Pattern, 0, len(text))
	for _, c := range text {
		var s Charset
		s.add(unicode.ToLower(c))
		s.add(unicode.ToUpper(c))
		p = append(p, Token{Set: s})
	}
	return p
}

// Char is one character of a value after its variables are resolved: a wildcard or a literal.
type Char struct {
	Rune rune
	Wild bool
}

// Chars reads a text in which every * and ? is a wildcard.
func Chars(text string) []Char {
	list := make([]Char, 0, len(text))
	for _, c := range text {
		list = append(list, Char{c, c == '*' || c == '?'})
	}
	return list
}

// New is the pattern of a list of characters and wildcards.
func New(chars []Char) Pattern {
	p := make(Pattern, 0, len(chars))
	for _, c := range chars {
		p = append(p, NewToken(c, AnyChar()))
	}
	return p
}

// NewToken matches a character, or, for a wildcard, one of the set or a run of them.
func NewToken(c Char, wild Charset) Token {
	if c.Wild {
		return Token{Set: wild, Star: c.Rune == '*'}
	}
	var s Charset
	s.add(c.Rune)
	return Token{Set: s}
}

// FoldGlob is the pattern of a text with wildcards, in upper and lower case.
func FoldGlob(text string) Pattern {
	p := New(Chars(text))
	for i, c := range []rune(text) {
		if c != '*' && c != '?' {
			p[i] = Fold(string(c))[0]
		}
	}
	return p
}

// OneOrMore is one of the characters or more.
func OneOrMore(chars string) []Token {
	set := CharsOf(chars)
	return []Token{{Set: set}, {Set: set, Star: true}}
}

// ZeroOrMore is any number of the characters, or none.
func ZeroOrMore(chars string) []Token { return []Token{{Set: CharsOf(chars), Star: true}} }

// Repeat is n of the characters.
func Repeat(n int, chars string) []Token {
	var list []Token
	for range n {
		list = append(list, Token{Set: CharsOf(chars)})
	}
	return list
}

// Concat is one part after the other.
func Concat(parts ...[]Token) Pattern {
	var p Pattern
	for _, part := range parts {
		p = append(p, part...)
	}
	return p
}

// AnyText is any text of one character or more. AWS says of no character that a free text cannot hold it.
func AnyText() Pattern {
	every := AnyChar()
	return Pattern{{Set: every}, {Set: every, Star: true}}
}
