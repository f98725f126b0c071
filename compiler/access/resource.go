package access

import (
	"regexp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// resourceMatch reports whether the statement's resources hold the key.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
// In a key policy "*" means this key. An ARN of another key is accepted by KMS and makes the statement one about
// nothing, which is a common fault after a policy was copied.
func (m *model) resourceMatch(st *statement, where string) tri {
	if st.unreadable["Resource"] || st.unreadable["NotResource"] {
		return maybe
	}
	switch {
	case st.src.Has("Resource") && st.src.Has("NotResource"):
		st.reasons = append(st.reasons, openReason(where+": AWS takes Resource or NotResource, not both."))
		return maybe
	case st.src.Has("NotResource"):
		out := no
		for _, r := range st.src.NotResources {
			out = out.or(m.matchKey(r))
		}
		if st.resourceDue = out == maybe && slices.ContainsFunc(st.src.NotResources, m.openResource(st, where)); out == maybe && !st.resourceDue {
			st.reasons = append(st.reasons, openReason(where+": whether NotResource names this key is not known, as its ARN is not."))
		}
		return out.not()
	}
	out := no // without Resource a statement has no effect
	for _, r := range st.src.Resources {
		out = out.or(m.matchKey(r))
	}
	if st.resourceDue = out == maybe && slices.ContainsFunc(st.src.Resources, m.openResource(st, where)); out == maybe && !st.resourceDue {
		st.reasons = append(st.reasons, openReason(where+": whether Resource names this key is not known, as its ARN is not."))
	}
	return out
}

// openResource takes note of a resource that is still to be filled in, by a person or, as a policy variable, by AWS.
func (m *model) openResource(st *statement, where string) func(r policy.Text) bool {
	return func(r policy.Text) bool {
		_, open := m.resourceGlob(r)
		if open {
			st.reasons = append(st.reasons, notKnown(where, "resource", r.Parts, r.Value))
		}
		return open
	}
}

var policyVariable = regexp.MustCompile(`\$\{[^{}]*\}`)

// matchKey holds a resource against the key's ARN, or against all that it can be.
// The key's ARN is often not known: the policy is written before the key exists. The pattern is then held against
// all that it can be, and matches surely only where it does so by its wildcards.
func (m *model) matchKey(t policy.Text) tri {
	text := t.Value
	if text == "*" || isOwnKey(t.Parts) {
		return yes
	}
	domain := m.keyDomain()
	if text, open := m.resourceGlob(t); open {
		return truth(glob.Intersect(glob.New(glob.Chars(text)), domain)).and(maybe)
	}
	pat := glob.New(glob.Chars(text))
	if arn, ok := domain.Literal(); ok {
		return truth(pat.Match(arn))
	}
	if !glob.Intersect(pat, domain) {
		return no
	}
	if strings.Trim(text, "*") == "" {
		return yes
	}
	for _, example := range m.keyExamples() {
		if !pat.Match(example) {
			return maybe
		}
	}
	return yes
}

const keyIDChars = digits + letters + "-"

// keyDomain is the pattern of all ARNs that the key can have.
func (m *model) keyDomain() glob.Pattern {
	if m.keyARN != "" {
		return glob.Exact(m.keyARN)
	}
	p := glob.Exact("arn:" + m.partition + ":kms:")
	if m.env.Region != "" {
		p = append(p, glob.Exact(m.env.Region)...)
	} else {
		p = append(p, glob.Token{Set: glob.CharsOf(letters + digits + "-"), Star: true})
	}
	p = append(p, glob.Exact(":")...)
	if m.owner != "" {
		p = append(p, glob.Exact(m.owner)...)
	} else {
		for range 12 {
			p = append(p, glob.Token{Set: glob.CharsOf(digits)})
		}
	}
	p = append(p, glob.Exact(":key/")...)
	if m.keyID != "" {
		return append(p, glob.Exact(m.keyID)...)
	}
	return append(p, glob.Token{Set: glob.CharsOf(keyIDChars)}, glob.Token{Set: glob.CharsOf(keyIDChars), Star: true})
}

// keyExamples are ARNs of the domain that share nothing but what is known: a pattern that matches them all does so with
// its wildcards.
func (m *model) keyExamples() []string {
	pick := func(known, unknown string) string {
		if known != "" {
			return known
		}
		return unknown
	}
	example := func(region, account, id string) string {
		return "arn:" + m.partition + ":kms:" + pick(m.env.Region, region) + ":" + pick(m.owner, account) + ":key/" + pick(m.keyID, id)
	}
	return []string{
		example("us-east-1", "111111111111", "00000000-0000-0000-0000-000000000000"),
		example("eu-west-2", "222222222222", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
		example("ap-south-3", "333333333333", "mrk-77777777777777777777777777777777"),
	}
}
