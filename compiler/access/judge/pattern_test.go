package judge_test

import "strings"

// Wildcards and literal text must stay apart, as a policy variable's value and ${*} are literal.
const (
	anyRun = '\uE000' // * in a pattern
	anyOne = '\uE001' // ? in a pattern
)

var wildcardsOf = strings.NewReplacer("*", string(anyRun), "?", string(anyOne))

// wildcards makes wildcards of * and ? in a text.
func wildcards(text string) string { return wildcardsOf.Replace(text) }

// glob matches a pattern of wildcards() against a whole text.
func glob(pattern, text string) bool {
	if !strings.ContainsAny(pattern, string(anyRun)+string(anyOne)) {
		return pattern == text
	}
	t := []rune(text)
	reach := make([]bool, len(t)+1)
	reach[0] = true
	for _, r := range pattern {
		next := make([]bool, len(t)+1)
		for i := range next {
			switch r {
			case anyRun:
				next[i] = reach[i] || i > 0 && next[i-1]
			case anyOne:
				next[i] = i > 0 && reach[i-1]
			default:
				next[i] = i > 0 && reach[i-1] && t[i-1] == r
			}
		}
		reach = next
	}
	return reach[len(t)]
}

// arnGlob compares ARNs part by part: a wildcard stays within its part.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
func arnGlob(pattern, text string) truth {
	p, t := strings.SplitN(pattern, ":", 6), strings.SplitN(text, ":", 6)
	if len(p) < 6 { // the page says nothing of a value that is not an ARN
		return open
	}
	if len(t) < 6 {
		return no
	}
	for i := range p {
		if !glob(p[i], t[i]) {
			return no
		}
	}
	return yes
}
