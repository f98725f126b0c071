package judge_test

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access"
)

// freshOutsider reports whether nothing that says who the caller is, or where, is named in the policy.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
func freshOutsider(p *policy, r *request) bool {
	if r.caller.account != fresh {
		return false
	}
	// The organization of the key's account is not a stranger.
	if own := r.context["aws:resourceorgid"]; own != nil && slices.Equal(own, r.context["aws:principalorgid"]) {
		return false
	}
	return !inNamedContext(p, r)
}

// vouched reports whether a caller whose account the policy does not name says that it acts for someone trusted. Such callers
// are not known to say so, and are not outsiders.
func vouched(p *policy, env access.Env, r *request) bool {
	if p.namesAccount(r.caller.account) {
		return false
	}
	is := func(key string, test func(string) bool) bool { return slices.ContainsFunc(r.context[key], test) }
	return is("aws:sourceaccount", func(id string) bool { return id == owner || slices.Contains(env.TrustAccounts, id) }) ||
		is("aws:sourceorgid", func(id string) bool {
			return slices.Contains(env.TrustOrgs, id) || len(env.TrustOrgs) == 0 && p.names("aws:sourceorg", id)
		}) ||
		is("aws:sourcearn", func(arn string) bool { return strings.HasPrefix(arn, "arn:aws:s3:::") && p.names("aws:sourcearn", arn) })
}

// namesAccount reports whether a principal, or a condition on the caller, names an account.
func (p *policy) namesAccount(id string) bool {
	return p.names("aws:principal", id) || p.names("kms:calleraccount", id) || slices.ContainsFunc(p.statements, func(st statement) bool {
		return slices.ContainsFunc(st.principals, func(e principal) bool { return strings.Contains(e.text, id) })
	})
}

// names reports whether a value of a condition on a key has a text in it, or is a pattern of it that fixes something.
func (p *policy) names(key, text string) bool {
	return slices.ContainsFunc(p.statements, func(st statement) bool {
		return slices.ContainsFunc(st.conditions, func(c condition) bool {
			return strings.HasPrefix(c.key, key) && slices.ContainsFunc(c.values, func(v string) bool {
				return strings.Contains(v, text) || len(strings.Trim(v, "*?")) > len("arn:aws:s3:::") && glob(wildcards(v), text)
			})
		})
	})
}

// inNamedContext reports whether the policy names the network, the organization or the source of a request.
func inNamedContext(p *policy, r *request) bool {
	for _, st := range p.statements {
		for _, c := range st.conditions {
			for _, have := range r.context[c.key] {
				if slices.ContainsFunc(c.values, func(want string) bool { return namesContext(c.key, want, have) }) {
					return true
				}
			}
		}
	}
	return false
}

// namesContext reports whether a value of a condition represents what a request comes from: one fixed value, a pattern of ARNs
// of one account, of the paths of one organization, or of the sessions of one role.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html#prevention-cross-service-confused-deputy
func namesContext(key, want, have string) bool {
	fixed := func(text string) bool { return !strings.ContainsAny(text, "*?") }
	matches := func() bool { return glob(wildcards(strings.ToLower(want)), strings.ToLower(have)) }
	switch key {
	case "aws:principalorgid", "aws:vpceorgid", "aws:vpceaccount", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceaccount", "aws:sourceorgid", "aws:ec2instancesourcevpc":
		return strings.EqualFold(want, have)
	case "aws:principalorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths":
		organization, _, _ := strings.Cut(want, "/")
		return fixed(organization) && matches()
	case "aws:userid":
		id, _, _ := strings.Cut(want, ":")
		return fixed(id) && matches()
	case "aws:sourcearn", "aws:sourcevpcarn", "ec2:sourceinstancearn", "ssm:sourceinstancearn", "lambda:sourcefunctionarn", "codebuild:buildarn", "codebuild:projectarn":
		part := strings.SplitN(want, ":", 6)
		if len(part) < 6 || !matches() {
			return want == have
		}
		return accountID(part[4]) || part[4] == "" && strings.Trim(part[5], "*?") != ""
	case "aws:sourceip", "aws:vpcsourceip", "aws:ec2instancesourceprivateipv4":
		return !strings.HasSuffix(want, "/0") && !strings.HasSuffix(want, "/1") && inRange(want, have) != no
	}
	return false
}

// driven reports whether an account that the policy does not name makes a service call.
func driven(p *policy, r *request) bool {
	for _, st := range p.statements { // an ARN without an account, as of a bucket, that the policy names in full
		for _, c := range st.conditions {
			if arn := r.context["aws:sourcearn"]; c.key == "aws:sourcearn" && arn != nil && slices.Contains(c.values, arn[0]) {
				return false
			}
		}
	}
	for key, values := range r.context { // the resource that the service encrypts for is in the owner's account
		if strings.HasPrefix(key, "kms:encryptioncontext:") && (strings.Contains(values[0], owner) || strings.HasPrefix(values[0], "arn:aws:s3:::") && p.names(key, values[0])) {
			return false
		}
	}
	for _, v := range r.context["aws:sourceaccount"] {
		return v == fresh && (r.context["aws:sourceorgid"] == nil || r.context["aws:sourceorgid"][0] == "o-fresh12345")
	}
	return false
}

// named reports whether a statement that names the service lets it in.
func named(p *policy, r *request) bool {
	for i, st := range p.statements {
		if st.allow && slices.Contains(st.principals, principal{"Service", r.caller.service}) && p.effective(i, owner, r) == yes {
			return true
		}
	}
	return false
}
