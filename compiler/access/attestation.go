package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// Unattested lists the statements that let the key be used without an attestation, in a policy that asks for one: directly,
// or for whoever an identity policy lets.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-nitro-enclave.html
type Unattested struct {
	Direct    []int    `json:"direct"`
	Delegated []int    `json:"delegated"`
	Witness   *Request `json:"witness,omitempty"` // of the first direct one
}

const attestationPrefix = "kms:recipientattestation:"

// Unattested says how the key can be used past the attestation that the policy asks for.
func (a *Analysis) Unattested() Unattested { return a.unattested.ask(a.findUnattested) }

func (a *Analysis) findUnattested() Unattested {
	out := Unattested{Direct: []int{}, Delegated: []int{}}
	none := func() Unattested { return Unattested{Direct: []int{}, Delegated: []int{}} }
	for i, u := range answers(a, AskUnattested, shareUnattested, func(v view) Unattested { return v.s.unattested(v.r) }, none) {
		if i == 0 {
			out = u
			continue
		}
		keep := func(list, other []int) []int {
			return slices.DeleteFunc(list, func(i int) bool { return !slices.Contains(other, i) })
		}
		out.Direct, out.Delegated = keep(out.Direct, u.Direct), keep(out.Delegated, u.Delegated)
	}
	if len(out.Direct) == 0 {
		out.Witness = nil
	}
	return out
}

func (s *system) unattested(r *regions) Unattested {
	u := Unattested{Direct: []int{}, Delegated: []int{}}
	where := s.all()
	asks := false
	for i, d := range s.dims {
		if strings.HasPrefix(d.key.lower, attestationPrefix) {
			asks = true
			where[dimKeys+i] = d.absent()
		}
	}
	if !asks {
		return u
	}
	where[dimAction] = s.actionsWhere(func(a action) bool {
		known, ok := facts.LookupAction(a.name)
		return ok && known.RecipientAttestation
	})
	// The root user gets by the account's statement what it delegates: that is told as delegated.
	persons := where.with(dimCaller, s.callersWhere(func(c *caller) bool { return c.kind != callerService && c.kind != callerRoot }))
	for i := range r.m.statements {
		if !r.m.statements[i].allow {
			continue
		}
		index := r.m.statements[i].index
		if answer, witness := s.allowedBy(r, persons, i, direct).ask(); answer == Yes {
			if u.Direct = append(u.Direct, index); u.Witness == nil {
				w := s.report(witness)
				u.Witness = &w
			}
			continue
		}
		if answer, _ := s.allowedBy(r, persons, i, delegated).ask(); answer == Yes {
			u.Delegated = append(u.Delegated, index)
		}
	}
	return u
}

// allowedBy asks for a request that one statement allows at a level, and that is allowed.
func (s *system) allowedBy(r *regions, where box, at int, level level) question {
	return question{
		s: s, where: where, exact: r.exact,
		from:  func(v variant) []box { return r.allow[level][at][v] },
		minus: r.denied,
		confirm: func(req *request) bool {
			return r.m.match(&r.m.statements[at], req, level) == yes && getsIn(r.m.evaluate(req).decision)
		},
	}
}
