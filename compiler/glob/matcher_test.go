package glob_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/glob"
)

// TestMatchersMatchAsPatterns: what is found text by text is what the pattern matches.
func TestMatchersMatchAsPatterns(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	noColon := glob.AnyChar().Without(':')
	tokens := []glob.Token{
		{Set: glob.CharsOf("a")},
		{Set: glob.CharsOf("b")},
		{Set: glob.CharsOf(":")},
		{Set: glob.CharsOf(":")},
		{Set: glob.CharsOf("é")},
		{Set: glob.AnyChar(), Star: true},
		{Set: glob.AnyChar(), Star: true},
		{Set: noColon, Star: true},
		{Set: noColon, Star: true},
		{Set: glob.AnyChar()},
		{Set: glob.CharsOf("ab")},
		{Set: glob.CharsOf("ab"), Star: true},
	}
	matched := 0
	for range 4_000 {
		var p glob.Pattern
		kinds := len(tokens) - 3*random.IntN(2) // with or without kinds beside plain texts
		for range random.IntN(9) {
			p = append(p, tokens[random.IntN(kinds)])
		}
		m := glob.NewMatcher(p)
		for range 20 {
			var b strings.Builder
			for _, token := range p { // near what the pattern asks for
				switch n := random.IntN(4); {
				case n > 0 && !token.Star:
					c, ok := token.Set.Only()
					if !ok {
						c = 'a'
					}
					b.WriteRune(c)
				case n > 0:
					b.WriteString([]string{"", "a", "b", "ab", "é", "ſ", ":"}[random.IntN(7)])
				}
			}
			text := b.String()
			if got, want := m.Match(text), p.Match(text); got != want {
				t.Fatalf("%v matches %q: %v, as a pattern %v", p, text, got, want)
			} else if got {
				matched++
			}
		}
	}
	if matched < 3_000 {
		t.Errorf("only %d matched: this tests little", matched)
	}
}
