package access

import (
	"regexp"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/glob"
)

// accountVariableARN is an ARN whose account is a policy variable.
var accountVariableARN = regexp.MustCompile(`(?i)^(arn:[^:*?$]*:[^:*?$]*:[^:*?$]*:)\$\{ *([^ },]*) *\}(:.*)$`)

// cutCallerAccount cuts an ARN around its account; false if that is not a policy variable for the caller's.
func cutCallerAccount(arn string) (before, after string, ok bool) {
	parts := accountVariableARN.FindStringSubmatch(arn)
	if parts == nil || facts.KeySays(strings.ToLower(parts[2])) != facts.CallerAccount {
		return "", "", false
	}
	return parts[1], parts[3], true
}

// supposeCallerAccount reads a value for aws:PrincipalArn whose account is the caller's as one with a wildcard there: the key
// is the caller's own ARN, so its account is the caller's whatever that is.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalaccount
// Policies for many accounts write `arn:aws:iam::${aws:PrincipalAccount}:role/app` under aws:PrincipalArn. As a
// variable it would couple the ARN with the account; but both are of the same caller, who always agrees with
// himself, so a wildcard of twelve digits says exactly the same and costs nothing.
func (c *condition) supposeCallerAccount(v *value, text string) {
	before, after, ok := cutCallerAccount(text)
	if !ok || facts.KeySays(c.key.lower) != facts.CallerARN || c.op.family != familyString && c.op.family != familyARN {
		return
	}
	account := strings.Repeat("?", 12)
	if c.op.family == familyARN || c.op.compare == compareLike {
		*v = c.compileValue(before+account+after, true)
		return
	}
	pieces, ok := parsePieces(after)
	if !ok {
		return
	}
	rest, ok := resolvePieces(pieces, func(string) (string, bool) { return "", false })
	if !ok {
		return
	}
	p := glob.Concat(glob.Exact(before), glob.New(glob.Chars(account)))
	var tail strings.Builder
	for _, ch := range rest {
		tail.WriteRune(ch.Rune)
	}
	if p = append(p, glob.Exact(tail.String())...); c.op.compare == compareFold {
		p = glob.Concat(glob.Fold(before), glob.New(glob.Chars(account)), glob.Fold(tail.String()))
	}
	*v = value{text: before + account + after, pat: p}
}
