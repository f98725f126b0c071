package access

import "github.com/keypolicy/keypolicy/compiler/facts"

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

// anyText is any text of one character or more. AWS says of no character that a free text cannot hold it.
func anyText() pattern {
	every := anyChar()
	return pattern{{set: every}, {set: every, star: true}}
}

const lowerDigits = "abcdefghijklmnopqrstuvwxyz0123456789"

// domainOf is the domain of a text key. Each that is narrower than any text is a fact with the page of AWS that says so.
func domainOf(k conditionKey) pattern {
	limit, ok := facts.LookupValueLimit(k.lower)
	if !ok {
		return anyText()
	}
	return formDomain(limit.Form)
}

// domainOf is the domain of a string key, for this KMS key.
func (m *model) domainOf(k conditionKey) pattern {
	if k.lower == "kms:viaservice" {
		return m.viaDomain()
	}
	return domainOf(k)
}

// formDomain is the domain of a form of text.
func formDomain(form string) pattern {
	switch form {
	case "account_id":
		return concat(times(12, digits))
	case "organization_id":
		return concat(exactPattern("o-"), run(letters+digits))
	case "organization_path":
		return concat(exactPattern("o-"), run(letters+digits), exactPattern("/"), run(lowerDigits+letters+"-/"))
	case "vpc_id":
		return concat(exactPattern("vpc-"), run(letters+digits))
	case "vpc_endpoint_id":
		return concat(exactPattern("vpce-"), run(letters+digits))
	case "region":
		return concat(run(lowerDigits + "-"))
	case "arn":
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
	domain := concat(run(lowerDigits+"-"), exactPattern("."), region, exactPattern(".amazonaws.com"))
	if m.partition == "aws-cn" { // AWS has one suffix for all Regions, and says nothing of this one
		domain = append(domain, maybeRun(".cn")...)
	}
	return domain
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
