package access

import "strings"

// The strings that a key's values can be, as a pattern. They are no narrower than AWS says: what a domain leaves out is
// said never to happen.

func run(chars string) []token {
	set := charsOf(chars)
	return []token{{set: set}, {set: set, star: true}}
}

func maybeRun(chars string) []token { return []token{{set: charsOf(chars), star: true}} }

func times(n int, chars string) []token {
	var list []token
	for range n {
		list = append(list, token{set: charsOf(chars)})
	}
	return list
}

func concat(parts ...[]token) pattern {
	var p pattern
	for _, part := range parts {
		p = append(p, part...)
	}
	return p
}

// printable is any character that a context value may hold.
func printable() charset {
	set := anyChar()
	for c := rune(0); c < 0x20; c++ {
		set = set.without(c)
	}
	for c := rune(0x7f); c < 0xa0; c++ {
		set = set.without(c)
	}
	return set
}

func anyText() pattern { return pattern{{set: printable()}, {set: printable(), star: true}} }

const (
	lowerDigits = "abcdefghijklmnopqrstuvwxyz0123456789"
	// tagChars may stand in tags. https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
	tagChars = letters + digits + " _.:/=+-@"
)

// domainOf is the domain of a string key, for this KMS key.
func (m *model) domainOf(k conditionKey) pattern {
	if k.lower == "kms:viaservice" {
		return m.viaDomain()
	}
	return domainOf(k)
}

// domainOf is the domain of a string key.
func domainOf(k conditionKey) pattern {
	switch k.lower {
	case "aws:sourceaccount", "aws:resourceaccount", "aws:vpceaccount":
		return concat(times(12, digits))
	case "aws:principalorgid", "aws:sourceorgid", "aws:resourceorgid", "aws:vpceorgid":
		return concat(exactPattern("o-"), run(letters+digits))
	case "aws:principalorgpaths", "aws:sourceorgpaths", "aws:resourceorgpaths", "aws:vpceorgpaths":
		return concat(exactPattern("o-"), run(letters+digits), exactPattern("/"), run(lowerDigits+letters+"-/"))
	case "aws:sourcevpc":
		return concat(exactPattern("vpc-"), run(letters+digits))
	case "aws:sourcevpce":
		return concat(exactPattern("vpce-"), run(letters+digits))
	case "kms:replicaregion", "kms:primaryregion", "aws:requestedregion":
		return concat(run(lowerDigits + "-"))
	}
	if strings.HasPrefix(k.lower, "aws:principaltag/") || strings.HasPrefix(k.lower, "aws:resourcetag/") || strings.HasPrefix(k.lower, "aws:requesttag/") {
		set := charsOf(tagChars)
		for c := rune(0xa1); c <= 0xff; c++ {
			set.add(c)
		}
		set[4] |= 1
		return pattern{{set: set}, {set: set, star: true}}
	}
	if k.typ == "ARN" {
		return arnDomain(nil)
	}
	return anyText()
}

// viaDomain are the values of kms:ViaService: a service, in the Region of the key.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
func (m *model) viaDomain() pattern {
	region := pattern(run(lowerDigits + "-"))
	if m.env.Region != "" {
		region = exactPattern(m.env.Region)
	}
	return concat(run(lowerDigits+"-"), exactPattern("."), region, exactPattern(".amazonaws.com"))
}

// arnDomain is the domain of ARNs in an account, or, where nil, in any and in none.
func arnDomain(account []token) pattern {
	if account == nil {
		account = maybeRun(digits)
	}
	parts := lowerDigits + "-"
	return concat(exactPattern("arn:"), run(parts), exactPattern(":"), run(parts), exactPattern(":"), maybeRun(parts), exactPattern(":"),
		account, exactPattern(":"), anyText())
}
