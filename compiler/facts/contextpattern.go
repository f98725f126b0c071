package facts

import (
	"slices"
	"strings"
)

// ContextPattern is a text of a condition, as its operator reads it.
type ContextPattern struct {
	Text      string
	Wildcards bool // * and ? are wildcards
	ByPart    bool // the parts of an ARN are compared one by one
	Fold      bool // case does not count
}

// Fits reports whether some value of the form matches the text.
func (f ContextForm) Fits(p ContextPattern) bool {
	if !p.ByPart {
		return f.meets(f.whole, p.Text, p)
	}
	parts := strings.SplitN(p.Text, ":", arnParts)
	if len(parts) < arnParts || f.parts == nil {
		return f.meets(f.whole, p.Text, p)
	}
	return len(f.Mismatches(p)) == 0
}

// arnPartNames are the parts of an ARN.
var arnPartNames = [arnParts]string{"arn", "partition", "service", "region", "account", "resource"}

// Mismatches are the parts of an ARN in which the text can be no value of the form: all of them where either is not an ARN.
func (f ContextForm) Mismatches(p ContextPattern) []string {
	parts := strings.SplitN(p.Text, ":", arnParts)
	if len(parts) < arnParts || f.parts == nil {
		return slices.Clone(arnPartNames[:])
	}
	var wrong []string
	for i, part := range parts {
		if !f.meets(f.parts[i], part, p) {
			wrong = append(wrong, arnPartNames[i])
		}
	}
	return wrong
}

// meets reports whether a text that some form's positions make is one that a pattern matches: of the two, each may repeat.
func (ContextForm) meets(form []position, text string, p ContextPattern) bool {
	type pair struct{ i, j int }
	pattern := []rune(text)
	seen := map[pair]bool{}
	queue := []pair{{0, 0}}
	add := func(i, j int) {
		if next := (pair{i, j}); !seen[next] {
			seen[next] = true
			queue = append(queue, next)
		}
	}
	for len(queue) > 0 {
		at := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		i, j := at.i, at.j
		if i == len(form) && j == len(pattern) {
			return true
		}
		star := j < len(pattern) && p.Wildcards && pattern[j] == '*'
		if star {
			add(i, j+1)
		}
		if i < len(form) && form[i].repeat {
			add(i+1, j)
		}
		if i == len(form) || j == len(pattern) {
			continue
		}
		open := star || p.Wildcards && pattern[j] == '?'
		if !open && !allowsRune(form[i], pattern[j], p.Fold) {
			continue
		}
		nextI, nextJ := i+1, j+1
		if form[i].repeat {
			nextI = i
		}
		if star {
			nextJ = j
		}
		add(nextI, nextJ)
	}
	return false
}

func allowsRune(at position, r rune, fold bool) bool {
	if at.allows(r) {
		return true
	}
	return fold && (at.allows([]rune(strings.ToLower(string(r)))[0]) || at.allows([]rune(strings.ToUpper(string(r)))[0]))
}
