package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

// deputies lists the services that an account outside of what is trusted can drive: those that get in without anything
// that says for whom they act, or for somebody who is not trusted.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html
func (s *system) deputies(r *regions) []Deputy {
	list := []Deputy{}
	for i := range s.callers {
		c := &s.callers[i]
		if c.kind != callerService || !s.naming.services[c.name] {
			continue
		}
		for _, at := range s.statementsNaming(r, c.name) {
			list = s.deputy(r, i, at, list)
		}
	}
	slices.SortFunc(list, func(a, b Deputy) int { return strings.Compare(a.Service, b.Service) })
	return list
}

func (s *system) statementsNaming(r *regions, service string) []int {
	var list []int
	for i := range r.m.statements {
		st := &r.m.statements[i]
		if st.allow && slices.ContainsFunc(st.src.Principals, func(p policy.Principal) bool { return p.Kind == policy.Service && p.Text == service }) {
			list = append(list, i)
		}
	}
	return list
}

func (s *system) deputy(r *regions, callerAt, at int, list []Deputy) []Deputy {
	q := s.allowed(r, s.unvouched(r).with(dimCaller, s.single(dimCaller, callerAt)).with(dimAction, s.today()))
	q.from = func(v variant) []box { return r.allow[delegated][at][v] }
	answer, witness := q.ask()
	service := s.callers[callerAt].name
	switch answer {
	case Unknown:
		s.note("Whether an untrusted account can drive " + service + " could not be settled.")
	case No:
	case Yes:
		index := r.m.statements[at].index
		if n := len(list); n > 0 && list[n-1].Service == service {
			list[n-1].Statements = append(list[n-1].Statements, index)
			return list
		}
		return append(list, Deputy{Service: service, Statements: []int{index}, Witness: s.report(witness)})
	}
	return list
}

// unvouched are the requests in which nothing says that a service acts for someone trusted.
func (s *system) unvouched(r *regions) box {
	b := s.all()
	for i, d := range s.dims {
		if vouch := s.vouches(r, d); vouch != nil {
			b[dimKeys+i] = d.where(func(a atom) bool { return a.values == nil || !vouch(a) })
		}
	}
	return b
}

// vouches gives, for a key that says for whom a service acts, the test of whether a value is someone trusted.
func (s *system) vouches(r *regions, d *dimension) func(a atom) bool {
	switch lower := d.key.lower; {
	case lower == "aws:sourceaccount":
		return func(a atom) bool { return s.trusts(r.m, a.values[0]) }
	case lower == "aws:sourceorgid" || lower == "aws:sourceorgpaths":
		return func(a atom) bool { return s.trustsOrg(d, a) }
	case lower == "aws:sourcearn" || strings.HasPrefix(lower, encryptionPrefix):
		return func(a atom) bool { return s.trustsARN(r, d, a.values[0]) }
	}
	return nil
}

// trustsOrg: where no organization is trusted by name, one that the policy names is the user's own.
func (s *system) trustsOrg(d *dimension, a atom) bool {
	return !slices.ContainsFunc(a.values, func(v string) bool {
		org, _, _ := strings.Cut(v, "/")
		if len(s.env.TrustOrgs) > 0 {
			return !slices.Contains(s.env.TrustOrgs, org)
		}
		return !slices.ContainsFunc(d.conds, func(c *condition) bool { return s.names(c, v) })
	})
}

// trustsARN: an ARN in a trusted account, or one without account, as a bucket's, that the policy names.
func (s *system) trustsARN(r *regions, d *dimension, text string) bool {
	arn, ok := policy.ParseARN(text)
	switch {
	case !ok:
		return false
	case arn.Account != "":
		return s.trusts(r.m, arn.Account)
	}
	return slices.ContainsFunc(d.conds, func(c *condition) bool {
		for _, v := range c.values {
			resource, isARN := policy.ParseARN(v.text)
			one := *c
			one.values, one.op.negated, one.op.set, one.op.ifExists = []value{v}, false, plain, false
			if isARN && strings.ContainsAny(strings.Trim(resource.Resource, "*?"), letters+digits) && !v.bad && v.pieces == nil && one.evalOne(text, nil) == yes {
				return true
			}
		}
		return false
	})
}
