package access

import (
	"regexp"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// scope is whom the principal of a row takes in, by its words only: what a reader of the row takes it to be about.
type scope struct {
	kind     string // "anyone" is everybody but services
	accounts string // a pattern, of rows about accounts
	arns     string // a pattern, of the others
	account  string // of these, "" where it is a pattern
}

var writtenVariable = regexp.MustCompile(`\$\{[^}]*\}`)

// scopeOf is the scope of a row's principal; ok is false where it is one caller only.
func scopeOf(sub subject) (of scope, ok bool) {
	of.kind = sub.kind
	switch {
	case sub.kind == "anyone":
		return of, true
	case sub.kind == "account":
		arn, _ := policy.ParseARN(sub.principal)
		of.accounts = arn.Account
		return of, true
	}
	if of.arns = sub.principal; strings.Contains(of.arns, "${") {
		of.arns = writtenVariable.ReplaceAllString(of.arns, "*")
	}
	if parts := strings.SplitN(of.arns, ":", 6); len(parts) == 6 && policy.IsAccountID(parts[4]) {
		of.account = parts[4]
	}
	return of, strings.ContainsAny(of.arns, "*?")
}

// takes reports whether a caller is taken in.
func (of scope) takes(c *caller) bool {
	switch of.kind {
	case "anyone":
		return c.kind != callerService
	case "account":
		return c.kind != callerService && (of.accounts == c.account || glob.Match(of.accounts, c.account))
	case c.kindName():
		if of.account != "" && of.account != c.account {
			return false
		}
		return glob.Match(of.arns, c.principalARN()) || c.kind == callerUser && c.path != "" && glob.Match(of.arns, c.iamARN("user/"+c.name))
	}
	return false
}

// withAccount is a pattern of ARNs as far as it is about a caller's account, or about those of a pattern that the caller's account
// matches.
// A condition on aws:PrincipalArn is often written for all accounts, and the account is asked for elsewhere: by the
// principal, or by aws:PrincipalAccount. What gets in are the ARNs of the pattern in that account, and a report that
// writes the pattern as it is says that all accounts do.
func withAccount(pattern string, c *caller, account string) string {
	if before, after, ok := cutCallerAccount(pattern); ok {
		return before + account + after
	}
	arn := c.principalARN()
	of, tail, _ := strings.Cut(arn, "::"+c.account+":")
	of += "::" + account
	kind, _, _ := strings.Cut(tail, "/")
	if parts := strings.SplitN(pattern, ":", 6); len(parts) == 6 {
		if strings.ContainsAny(parts[4], "*?") && len(parts[4]) < len(account) {
			parts[4] = account
		}
		if in := strings.Join(parts, ":"); glob.Match(in, arn) {
			return in
		}
		return pattern
	}
	rest, open := strings.CutPrefix(pattern, "*")
	switch {
	case !open || strings.Contains(pattern, "${"):
		return pattern
	case strings.HasPrefix(rest, ":"+kind+"/"):
		return of + rest
	}
	for _, prefix := range []string{of + ":" + kind + "/", of + ":"} {
		if !overlaps(prefix, rest) {
			return prefix + pattern
		}
	}
	return pattern
}

// asSpelled is the name of a caller with what follows the account as the caller's ARN has it, where the two differ in case only:
// it was compared without regard to case, and another role has the name as it is written.
func asSpelled(name string, c *caller) string {
	arn := c.principalARN()
	own := strings.LastIndexByte(arn, ':')
	if at := strings.LastIndexByte(name, ':'); at >= 0 && strings.EqualFold(name[at:], arn[own:]) {
		return name[:at] + arn[own:]
	}
	return name
}

// overlaps reports whether the text with which a pattern begins can match where a prefix is. If not, the pattern after the prefix
// takes in what "*" and the pattern do of the texts with the prefix.
func overlaps(prefix, pattern string) bool {
	if at := strings.IndexAny(pattern, "*?"); at >= 0 {
		pattern = pattern[:at]
	}
	for i := range prefix {
		if n := min(len(pattern), len(prefix)-i); prefix[i:i+n] == pattern[:n] {
			return true
		}
	}
	return pattern == ""
}
