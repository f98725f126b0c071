package policy

import (
	"regexp"
	"strings"
)

// Placeholders are marks that a template, a shell or a person has yet to replace: ${account_id}, $(name), {{name}}, <NAME>.

var (
	bracketed = regexp.MustCompile(`<[A-Za-z][^<>]*>|\{\{[^{}]*\}\}?|\$\([^()]*\)?|\{[A-Za-z][A-Za-z0-9_-]*\}|\b(?:REPLACE_?ME|CHANGE_?ME|FIXME)\b|\bYOUR[_-][A-Z][A-Z_-]*`)
	wholePart = regexp.MustCompile(`^(?:TODO|(?:AWS[_-]?)?ACCOUNT(?:[_-]?ID)?|[Xx]{12})$`)
)

// Placeholder returns the first mark in a text that is still to be filled in; "" where there is none. An AWS policy variable
// is not one.
func Placeholder(text string) string {
	for rest := text; ; {
		start := strings.Index(rest, "${")
		if start < 0 {
			break
		}
		rest = rest[start:]
		end := strings.IndexByte(rest, '}')
		if end < 0 {
			break
		}
		if IsForeignVariable(rest[2:end]) {
			return rest[:end+1]
		}
		rest = rest[end+1:]
	}
	if strings.ContainsAny(text, "<{$") || strings.Contains(text, "ME") || strings.Contains(text, "YOUR") {
		if found := bracketed.FindString(text); found != "" {
			return found
		}
	}
	if !strings.ContainsAny(text, "OXx") {
		return ""
	}
	for part := range strings.SplitSeq(text, ":") {
		if wholePart.MatchString(part) {
			return part
		}
	}
	return ""
}

// IsForeignVariable reports whether what is inside of ${} is a variable of another tool: those of AWS are condition keys, or
// one of the escaped characters.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func IsForeignVariable(inside string) bool {
	name, _, _ := strings.Cut(inside, ",")
	name = strings.TrimSpace(name)
	if inside == "" || name == "*" || name == "?" || name == "$" {
		return false
	}
	prefix, _, colon := strings.Cut(name, ":")
	return !colon || strings.Contains(name, "::") || strings.ContainsAny(prefix, " ()[]\"'")
}

// IsDoubtlessPlaceholder reports whether a mark is one in any text: a single brace may be meant where any text is right.
func IsDoubtlessPlaceholder(mark string) bool {
	return !strings.HasPrefix(mark, "{") || strings.HasPrefix(mark, "{{")
}
