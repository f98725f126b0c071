package keypolicy

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestCommentsAboutALine: those that the index finds about a line are those that a look at all of them finds, in the same order.
func TestCommentsAboutALine(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var list []*suppression
		line := 1
		for range random.IntN(12) {
			line += random.IntN(4) // comments are in the order of the file
			list = append(list, &suppression{line: line, last: line + random.IntN(9)*random.IntN(2)})
		}
		index := newFileComments(list)
		for line := range 50 {
			var want []*suppression
			for _, one := range list {
				if one.line <= line && line <= one.last {
					want = append(want, one)
				}
			}
			if got := index.about(line); !slices.Equal(got, want) {
				t.Fatalf("line %d: %v, want %v of %v", line, got, want, list)
			}
		}
	}
}
