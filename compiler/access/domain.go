package access

import (
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/glob"
)

const (
	digits  = "0123456789"
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// nameChars may be in the names of users, roles and sessions.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const nameChars = letters + digits + "_+=,.@-"

// The strings that a key's values can be, as a pattern. They are not narrower than AWS says: what a domain leaves out is
// said never to happen.

const (
	lowerLetters = "abcdefghijklmnopqrstuvwxyz"
	lowerDigits  = lowerLetters + digits
)

// domainOf is the domain of a text key. Each that is narrower than any text is a fact with the page of AWS that says so.
// A narrow domain makes a "no" stronger and a mistake in it makes a "no" wrong. An account ID is twelve digits
// because AWS says so; a service's own value under an encryption context has no documented form, and its domain is
// any text.
func domainOf(k conditionKey) glob.Pattern {
	limit, ok := facts.LookupValueLimit(k.lower)
	if !ok {
		return glob.AnyText()
	}
	return formDomain(limit.Form)
}

// domainOf is the domain of a string key, for this KMS key.
func (m *model) domainOf(k conditionKey) glob.Pattern {
	if facts.KeySays(k.lower) == facts.ViaServiceName {
		return m.viaDomain()
	}
	return domainOf(k)
}

// formDomain is the domain of a form of text.
func formDomain(form string) glob.Pattern {
	switch form {
	case "account_id":
		return glob.Concat(glob.Repeat(12, digits))
	case "organization_id":
		return glob.Concat(glob.Exact("o-"), glob.OneOrMore(letters+digits))
	case "organization_path":
		return glob.Concat(glob.Exact("o-"), glob.OneOrMore(letters+digits), glob.Exact("/"), glob.OneOrMore(lowerDigits+letters+"-/"))
	case "vpc_id":
		return glob.Concat(glob.Exact("vpc-"), glob.OneOrMore(letters+digits))
	case "vpc_endpoint_id":
		return glob.Concat(glob.Exact("vpce-"), glob.OneOrMore(letters+digits))
	case "region":
		return glob.Concat(glob.OneOrMore(lowerLetters), glob.Exact("-"), glob.OneOrMore(lowerLetters+"-"), glob.Exact("-"), glob.OneOrMore(digits))
	case "service_name":
		return glob.Concat(glob.OneOrMore(lowerDigits+"-"), glob.Exact("."), glob.OneOrMore(lowerDigits+"-."))
	case "arn":
		return arnDomain(nil)
	case "principal_arn": // or the name of a service
		return glob.Concat(glob.OneOrMore(lowerDigits+"-"), glob.Repeat(1, ":."), glob.OneOrMore(nameChars+":/"))
	}
	return glob.AnyText()
}

// CanHave reports whether a value of a condition key can be a text under a String operator, or match it; ok is false where no form
// of the key's values is known.
func CanHave(key string, op facts.ParsedOperator, text string) (possible, ok bool) {
	form := ValueForm(key)
	if form == "" {
		return true, false
	}
	domain := formDomain(form)
	switch {
	case op.Base.Wildcards:
		return glob.Intersect(domain, glob.New(glob.Chars(text))), true
	case strings.HasSuffix(op.Base.Name, "IgnoreCase"):
		return domain.Match(text) || domain.Match(strings.ToLower(text)), true
	}
	return domain.Match(text), true
}

// ValueForm names the form of a condition key's values; empty where they have no form that is known.
func ValueForm(key string) string {
	if facts.KeySays(strings.ToLower(key)) == facts.CallerARN {
		return "arn"
	}
	limit, _ := facts.LookupValueLimit(key)
	if limit.Form == "integer" {
		return ""
	}
	return limit.Form
}

// viaDomain are the values of kms:ViaService: a service, in the Region of the key.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
func (m *model) viaDomain() glob.Pattern {
	region := glob.Pattern(glob.OneOrMore(lowerDigits + "-"))
	if m.env.Region != "" {
		region = glob.Exact(m.env.Region)
	}
	domain := glob.Concat(glob.OneOrMore(lowerDigits+"-"), glob.Exact("."), region, glob.Exact(".amazonaws.com"))
	if m.partition == "aws-cn" { // AWS has one suffix for all Regions, and says nothing of this one
		domain = append(domain, glob.ZeroOrMore(".cn")...)
	}
	return domain
}

// arnDomain is the domain of ARNs in an account, or, where nil, in any and in none.
func arnDomain(account []glob.Token) glob.Pattern {
	if account == nil {
		account = glob.ZeroOrMore(digits)
	}
	parts := lowerDigits + "-"
	return glob.Concat(glob.Exact("arn:"), glob.OneOrMore(parts), glob.Exact(":"), glob.OneOrMore(parts), glob.Exact(":"), glob.ZeroOrMore(parts), glob.Exact(":"),
		account, glob.Exact(":"), glob.AnyText())
}

// arnPattern matches part by part: a wildcard does not pass one of the first five colons. It is nil where the text
// has fewer than six parts, which is not an ARN.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
// `arn:aws:s3:*:bucket` under ArnLike is therefore not a pattern for buckets: it has five parts. Under StringLike
// the same text matches, as there a star passes colons.
func arnPattern(chars []glob.Char) glob.Pattern {
	p := make(glob.Pattern, 0, len(chars))
	wild, colons := glob.AnyChar().Without(':'), 0
	for _, c := range chars {
		p = append(p, glob.NewToken(c, wild))
		if c.Rune == ':' && !c.Wild {
			if colons++; colons == 5 {
				wild = glob.AnyChar()
			}
		}
	}
	if colons < 5 {
		return nil
	}
	return p
}
