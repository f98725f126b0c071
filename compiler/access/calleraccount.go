package access

import (
	"regexp"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/glob"
)

// ownAccountARN is an ARN whose account is a policy variable.
var ownAccountARN = regexp.MustCompile(`(?i)^(arn:[^:*?$]*:[^:*?$]*:[^:*?$]*:)\$\{ *([^ },]*) *\}(:.*)$`)

// supposeCallerAccount reads a value for aws:PrincipalArn whose account is the caller's as one with a wildcard there: the key
// is the caller's own ARN, so its account is the caller's whatever that is.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalaccount
func (c *condition) supposeCallerAccount(v *value, text string) {
	parts := ownAccountARN.FindStringSubmatch(text)
	if parts == nil || facts.KeySays(strings.ToLower(parts[2])) != facts.CallerAccount || facts.KeySays(c.key.lower) != facts.CallerARN || c.op.family != familyString && c.op.family != familyARN {
		return
	}
	account := strings.Repeat("?", 12)
	if c.op.family == familyARN || c.op.compare == compareLike {
		*v = c.compileValue(parts[1]+account+parts[3], true)
		return
	}
	pieces, ok := parsePieces(parts[3])
	if !ok {
		return
	}
	rest, ok := resolvePieces(pieces, func(string) (string, bool) { return "", false })
	if !ok {
		return
	}
	p := glob.Concat(glob.Exact(parts[1]), glob.New(glob.Chars(account)))
	var tail strings.Builder
	for _, ch := range rest {
		tail.WriteRune(ch.Rune)
	}
	if p = append(p, glob.Exact(tail.String())...); c.op.compare == compareFold {
		p = glob.Concat(glob.Fold(parts[1]), glob.New(glob.Chars(account)), glob.Fold(tail.String()))
	}
	*v = value{text: parts[1] + account + parts[3], pat: p}
}
