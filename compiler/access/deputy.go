package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// deputies lists the services that an account outside of what is trusted can drive: those that get in without anything
// that says for whom they act, or for somebody who is not trusted.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html
func (s *space) deputies(r *compiledPolicy) deputyAnswer {
	out := deputyAnswer{list: []Deputy{}}
	for i := range s.callers {
		c := &s.callers[i]
		if c.kind != callerService || !s.naming.services[c.name] {
			continue
		}
		for _, at := range s.statementsNaming(r, c.name) {
			s.deputy(r, i, at, &out)
		}
	}
	slices.SortFunc(out.list, func(a, b Deputy) int { return strings.Compare(a.Service, b.Service) })
	return out
}

// deputyAnswer is the services of a policy that an outside account can drive, and the statements of which it is not settled
// whether one can.
type deputyAnswer struct {
	list      []Deputy
	unsettled []int
}

func (s *space) statementsNaming(r *compiledPolicy, service string) []int {
	var list []int
	for i := range r.m.statements {
		st := &r.m.statements[i]
		if st.allow && slices.ContainsFunc(st.src.Principals, func(p policy.Principal) bool { return p.Kind == policy.Service && p.Text == service }) {
			list = append(list, i)
		}
	}
	return list
}

func (s *space) deputy(r *compiledPolicy, callerAt, at int, out *deputyAnswer) {
	q := s.allowed(r, s.unvouched(r).With(dimCaller, s.single(dimCaller, callerAt)).With(dimAction, s.knownActions()))
	q.from = func(v approximation) []boxes.Box { return r.allow[delegated][at][v] }
	answer, witness := q.ask()
	service, index := s.callers[callerAt].name, r.m.statements[at].index
	switch answer {
	case Unknown:
		out.unsettled = append(out.unsettled, index)
		s.noteUnsettled("Whether an untrusted account can drive " + service + " could not be settled.")
	case No:
	case Yes:
		stranger, _ := s.unnamed(r, q).ask()
		if n := len(out.list); n > 0 && out.list[n-1].Service == service {
			out.list[n-1].Statements = append(out.list[n-1].Statements, index)
			out.list[n-1].AnyAccount = out.list[n-1].AnyAccount || stranger != No
			return
		}
		out.list = append(out.list, Deputy{Service: service, Statements: []int{index}, AnyAccount: stranger != No, Witness: s.report(witness)})
	}
}

// unnamed asks the same of accounts, organizations and resources that no condition names.
func (s *space) unnamed(r *compiledPolicy, q question) question {
	b := slices.Clone(q.where)
	for i, d := range s.dims {
		if s.vouches(r.m, d) == nil {
			continue
		}
		strangers := d.where(func(a class) bool { return a.values == nil || !s.namesClass(d, a) })
		b[dimKeys+i] = s.narrowed(b[dimKeys+i], strangers)
	}
	q.where = b
	return q
}

func (s *space) narrowed(set, by boxes.Set) boxes.Set {
	if set == nil {
		return by
	}
	return set.And(by)
}

// unvouched are the requests in which nothing says that a service acts for someone trusted.
func (s *space) unvouched(r *compiledPolicy) boxes.Box {
	b := s.ahead()
	for i, d := range s.dims {
		if vouch := s.vouches(r.m, d); vouch != nil {
			b[dimKeys+i] = d.where(func(a class) bool { return a.values == nil || !vouch(a) })
		}
	}
	return b
}

// vouches gives, for a key that says for whom a service acts, the test of whether a value is someone trusted.
func (s *space) vouches(m *model, d *dimension) func(a class) bool {
	switch lower := d.key.lower; {
	case lower == "aws:sourceaccount":
		return func(a class) bool { return s.trusts(m, a.values[0]) }
	case lower == "aws:sourceorgid" || lower == "aws:sourceorgpaths":
		return func(a class) bool { return s.trustsOrg(d, a) }
	case strings.HasPrefix(lower, encryptionPrefix+"aws:"):
		// A context that a service sets may be the account that it acts for, as aws:ecs:clusterAccount is.
		// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-create-storage-key.html
		return func(a class) bool {
			return s.trustsARN(m, d, a.values[0]) || policy.IsAccountID(a.values[0]) && s.trusts(m, a.values[0])
		}
	case lower == "aws:sourcearn" || strings.HasPrefix(lower, encryptionPrefix):
		return func(a class) bool { return s.trustsARN(m, d, a.values[0]) }
	}
	return nil
}

// trustsOrg: where no organization is trusted by name, one that the policy names is the user's own.
func (s *space) trustsOrg(d *dimension, a class) bool {
	if len(s.env.TrustOrgs) > 0 {
		return s.inTrustedOrgs(a.values)
	}
	return !slices.ContainsFunc(a.values, func(v string) bool { return !d.namer.names(v) })
}

// trustsARN: an ARN in a trusted account, or in none, as a bucket's, that the policy names. An ARN that only text in the
// wrong place brings under a pattern of a trusted account is no service's: the pattern names the account.
func (s *space) trustsARN(m *model, d *dimension, text string) bool {
	arn, ok := policy.ParseARN(text)
	if !ok {
		return false
	}
	if arn.Account != "" && s.trusts(m, arn.Account) {
		return true
	}
	for _, c := range d.conds {
		for i := range c.values {
			v := &c.values[i]
			named, isARN := policy.ParseARN(v.text)
			if !isARN || v.bad || v.pieces != nil {
				continue
			}
			vouched := policy.IsAccountID(named.Account) && s.trusts(m, named.Account)
			vouched = vouched || withoutAccount(arn) && strings.ContainsAny(strings.Trim(named.Resource, "*?"), letters+digits)
			if one := c.positive(v); vouched && one.evalOne(text, nil) == yes {
				return true
			}
		}
	}
	return false
}

// withoutAccount: buckets have no account in their ARN.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-resources-for-iam-policies
func withoutAccount(arn policy.ARN) bool {
	return arn.Account == "" || arn.Service == "s3" && arn.Region == "" && !strings.ContainsAny(arn.Resource, "/:")
}
