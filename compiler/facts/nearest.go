package facts

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/keypolicy/keypolicy/compiler/glob"
)

// Nearest returns the candidate that a mistyped word was most likely meant to be, if there is exactly one. It is the
// candidate that differs only by case, or the one before a slash, as findings write a rule with its reason, or the one
// that people are known to confuse with the word, or the only one at the least edit distance, where a word may differ
// by one edit in four characters, at least one and at most three.
func Nearest(word string, candidates []string) (string, bool) {
	lower := strings.ToLower(word)
	folded := make([]string, len(candidates))
	for i, c := range candidates {
		folded[i] = strings.ToLower(c)
		if folded[i] == lower {
			return c, true
		}
	}
	if before, _, is := strings.Cut(lower, "/"); is {
		if i := slices.Index(folded, before); i >= 0 {
			return candidates[i], true
		}
	}
	if meant, ok := confused(lower, candidates); ok {
		return meant, true
	}
	limit := min(max(1, utf8.RuneCountInString(word)/4), 3)
	best, unique := -1, false
	for i := range candidates {
		switch d := distance(lower, folded[i], limit); {
		case d > limit:
		case d < limit || best < 0:
			best, unique, limit = i, true, d
		case folded[i] != folded[best]:
			unique = false
		}
	}
	if !unique {
		return "", false
	}
	return candidates[best], true
}

// Confusion returns the candidate that people are known to confuse with a word.
func Confusion(word string, candidates []string) (string, bool) {
	return confused(strings.ToLower(word), candidates)
}

// confused looks a word up among the known confusions. What was meant has to be a candidate, or a pattern for some.
func confused(lower string, candidates []string) (string, bool) {
	meant, ok := confusionFile().Words[lower]
	if !ok {
		return "", false
	}
	for _, c := range candidates {
		switch {
		case strings.EqualFold(meant, c): // as it is spelled where it is looked for
			return c, true
		case glob.MatchFold(meant, c):
			return meant, true
		}
	}
	return "", false
}

type confusionData struct {
	Words map[string]string `json:"words"`
}

var confusionFile = lazy[confusionData]("confusions.json")

// distance is the edit distance of two words, in which swapping two neighbours is one edit. Beyond limit the answer is
// limit+1 or more.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > limit || len(y)-len(x) > limit {
		return limit + 1
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}
