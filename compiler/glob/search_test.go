package glob_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/glob"
)

type free struct{}

func (free) Take(int) {}

func (free) Allowance() (steps, bytes int) { return math.MaxInt, math.MaxInt }

// TestSearchFindsEveryWayOfMatching holds the texts that the search finds against all words of a small alphabet: each combination
// of patterns that some word matches is matched by one of the texts.
func TestSearchFindsEveryWayOfMatching(t *testing.T) {
	for _, texts := range [][]string{{"a*", "*b"}, {"a?", "?a", "aa"}, {"*ab*", "*ba*", "a*a"}, {"", "*"}} {
		var patterns []glob.Pattern
		for _, text := range texts {
			patterns = append(patterns, glob.New(glob.Chars(text)))
		}
		signature := func(text string) string {
			var b strings.Builder
			for _, p := range patterns {
				if p.Match(text) {
					b.WriteByte('1')
				} else {
					b.WriteByte('0')
				}
			}
			return b.String()
		}
		domain := glob.Concat(glob.ZeroOrMore("abc"))
		found, exact := glob.Search{Limit: 1000, Meter: free{}}.Representatives(domain, nil, patterns, 1)
		if !exact {
			t.Fatalf("%q: the search was cut off", texts)
		}
		has := map[string]bool{}
		for _, text := range found {
			if !domain.Match(text) {
				t.Errorf("%q: %q is not in the domain", texts, text)
			}
			has[signature(text)] = true
		}
		for _, word := range wordsOf("abc", 5) {
			if !has[signature(word)] {
				t.Errorf("%q: nothing that is found matches as %q does", texts, word)
			}
		}
	}
}

// TestIntersect holds Intersect against words that both patterns match.
func TestIntersect(t *testing.T) {
	words := wordsOf("ab", 4)
	for _, a := range []string{"a*", "*b", "?", "ab?", "", "b*b", "a"} {
		for _, b := range []string{"a*", "*b", "?", "ab?", "", "b*b", "a"} {
			want := false
			for _, word := range words {
				want = want || glob.Match(a, word) && glob.Match(b, word)
			}
			if got := glob.Intersect(glob.New(glob.Chars(a)), glob.New(glob.Chars(b))); got != want {
				t.Errorf("Intersect(%q, %q) = %v", a, b, got)
			}
		}
	}
}

// TestPatternMatchesAsMatchDoes holds the two ways of matching against each other.
func TestPatternMatchesAsMatchDoes(t *testing.T) {
	for _, p := range wordsOf("aB*?", 4) {
		exact, fold := glob.New(glob.Chars(p)), glob.FoldGlob(p)
		for _, text := range wordsOf("aAB", 4) {
			if got, want := exact.Match(text), glob.Match(p, text); got != want {
				t.Fatalf("%q matches %q: %v, want %v", p, text, got, want)
			}
			if got, want := fold.Match(text), glob.MatchFold(p, text); got != want {
				t.Fatalf("%q matches %q in any case: %v, want %v", p, text, got, want)
			}
		}
	}
}

// wordsOf lists the words of up to n characters of an alphabet.
func wordsOf(alphabet string, n int) []string {
	list := []string{""}
	for last := list; n > 0; n-- {
		var longer []string
		for _, w := range last {
			for _, c := range alphabet {
				longer = append(longer, w+string(c))
			}
		}
		list, last = append(list, longer...), longer
	}
	return list
}

// TestShortPatternsMatchAsLongOnes: a pattern whose places fit into one word matches what it matches between long texts.
func TestShortPatternsMatchAsLongOnes(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	sets := []glob.Charset{glob.CharsOf("a"), glob.CharsOf("ab"), glob.CharsOf("bc"), glob.AnyChar()}
	long, some := strings.Repeat("z", 64), glob.Pattern{{Set: glob.AnyChar(), Star: true}}
	matched := 0
	for range 5_000 {
		var p glob.Pattern
		for range random.IntN(7) {
			p = append(p, glob.Token{Set: sets[random.IntN(len(sets))], Star: random.IntN(3) == 0})
		}
		text := ""
		for range random.IntN(7) {
			text += []string{"a", "b", "c", "ſ"}[random.IntN(4)]
		}
		want := glob.Concat(some, glob.Exact(long), p, glob.Exact(long), some).Match(long + text + long)
		if got := p.Match(text); got != want {
			t.Fatalf("%v matches %q: %v, between long texts %v", p, text, got, want)
		}
		if want {
			matched++
		}
	}
	if matched < 300 {
		t.Errorf("only %d matched", matched)
	}
}
