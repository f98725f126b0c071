package validate

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// wantsARN reports whether a pattern accepts only ARNs.
func wantsARN(schema map[string]any) bool {
	pattern, _ := schema["pattern"].(string)
	return strings.HasPrefix(pattern, "^arn:") && !strings.Contains(pattern, "$|")
}

// The parts of an ARN, by their position.
var arnParts = [...]string{"", "partition", "service", "Region", "account", "resource"}

// wrongARN says what keeps an ARN from matching the pattern of a parameter that takes ARNs: the first of its parts that does not fit.
// It is false where that cannot be read from the pattern.
func wrongARN(text string, schema map[string]any) (t sentence, ok bool) {
	parts := strings.SplitN(text, ":", len(arnParts))
	if len(parts) < len(arnParts) {
		return sentence{message: "which has too few parts for an ARN", help: "write `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`" + meaning(schema)}, true
	}
	wanted, ok := splitPattern(fmt.Sprint(schema["pattern"]))
	if !ok {
		return t, false
	}
	for _, i := range [...]int{2, 1, 3, 4, 5} { // another service's ARN differs in its other parts too
		re, err := regexp.Compile("^(?:" + wanted[i] + ")$")
		switch {
		case err != nil:
			return t, false
		case re.MatchString(parts[i]):
			continue
		}
		return wrongPart(parts, i, literals(wanted[i]), schema), true
	}
	return t, false
}

// nameIn is the end of an ARN that fits a parameter which does not take ARNs, such as the name of a topic; "" where none does.
// CloudWatch Logs appends ":*" to the ARN of a log group.
func nameIn(text string, schema map[string]any) string {
	parts := strings.SplitN(text, ":", len(arnParts))
	re, err := regexp.Compile(fmt.Sprint(schema["pattern"]))
	if err != nil || parts[0] != "arn" || len(parts) < len(arnParts) {
		return ""
	}
	for name := parts[5]; ; {
		if re.MatchString(name) {
			return name
		}
		at := strings.IndexAny(name, ":/")
		if at < 0 {
			return ""
		}
		name = name[at+1:]
		if whole := strings.TrimSuffix(name, ":*"); re.MatchString(whole) {
			return whole
		}
	}
}

func wrongPart(parts []string, i int, choose []string, schema map[string]any) sentence {
	name, text := arnParts[i], parts[i]
	t := sentence{message: fmt.Sprintf("whose %s is %s, which is not accepted there", name, quoted(text)), help: "write another " + name}
	switch {
	case text == "":
		t = sentence{message: "which has no " + name, help: "write the ARN with its " + name}
	case i == 4 && !digits.MatchString(text):
		return sentence{message: fmt.Sprintf("whose account is %s, which is not 12 digits", quoted(text)), help: "write the account's 12 digits"}
	}
	if len(choose) > 0 {
		t.help = fmt.Sprintf("write an ARN whose %s is %s", name, choices(choose))
		if nearest, ok := facts.Nearest(text, choose); ok {
			corrected := append([]string(nil), parts...)
			corrected[i] = nearest
			if re, err := regexp.Compile(fmt.Sprint(schema["pattern"])); err == nil && re.MatchString(strings.Join(corrected, ":")) {
				return sentence{message: t.message, help: "did you mean " + quoted(strings.Join(corrected, ":")) + "?"}
			}
		}
	}
	t.help += meaning(schema)
	return t
}

// splitPattern splits a pattern of ARNs at the colons between the parts: those that are in no group and in no class. What follows the
// fifth is one part. It is false for a pattern that has fewer, or that is several beside one another.
func splitPattern(pattern string) (parts []string, ok bool) {
	pattern, ok = strings.CutSuffix(strings.TrimPrefix(pattern, "^"), "$")
	if !ok {
		return nil, false
	}
	start, groups, class := 0, 0, false
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\':
			i++
		case class:
			class = c != ']'
		case c == '[':
			class = true
		case c == '(':
			groups++
		case c == ')':
			groups--
		case c == '|' && groups == 0:
			return nil, false
		case c == ':' && groups == 0 && len(parts) < len(arnParts)-1:
			parts = append(parts, pattern[start:i])
			start = i + 1
		}
	}
	parts = append(parts, pattern[start:])
	return parts, len(parts) == len(arnParts)
}

var digits = regexp.MustCompile(`^[0-9]{12}$`)

var literal = regexp.MustCompile(`^[A-Za-z0-9-]+(\|[A-Za-z0-9-]+)*$`)

// literals are the texts that a part of a pattern takes; none where it takes others than a few.
func literals(pattern string) []string {
	inner := cmp.Or(strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(pattern, "("), "?:"), ")"), pattern)
	if !literal.MatchString(inner) {
		return nil
	}
	return strings.Split(inner, "|")
}
