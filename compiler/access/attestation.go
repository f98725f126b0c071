package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// Unattested lists the statements that let the key be used without an attestation, in a policy that asks for one: directly,
// or for whoever an identity policy lets.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-nitro-enclave.html
type Unattested struct {
	Direct    []int
	Delegated []int
	Witness   *Request // of the first direct one

	Undecided ReasonKind // what would settle whether there are more
}

// Unattested says how the key can be used past the attestation that the policy requires.
func (a *Analysis) Unattested() Unattested { return a.unattested.ask(a.findUnattested) }

func (a *Analysis) findUnattested() Unattested {
	out := Unattested{Direct: []int{}, Delegated: []int{}}
	none := func() Unattested { return Unattested{Direct: []int{}, Delegated: []int{}} }
	if !a.asksForAttestation() {
		return out
	}
	unsettled := false
	ask := func(v assumption) Unattested {
		var u Unattested
		v.s.fromToday(func() {
			var whole bool
			u, whole = v.s.unattested(v.r)
			unsettled = unsettled || !whole
		})
		return u
	}
	for i, u := range answers(a, AskUnattested, shareUnattested, ask, none) {
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
	if unsettled {
		a.note(AskUnattested)
	}
	out.Undecided = a.kinds[AskUnattested]
	return out
}

// asksForAttestation reports whether a condition of the policy is on an attestation.
func (a *Analysis) asksForAttestation() bool {
	return slices.ContainsFunc(a.doc.Statements, func(st policy.Statement) bool {
		return slices.ContainsFunc(st.Conditions, func(c policy.Condition) bool {
			return strings.HasPrefix(strings.ToLower(c.Key.Value), attestationPrefix)
		})
	})
}

// unattested looks at each statement; whole says that none is left open.
// A request with an attestation document has kms:RecipientAttestation keys, one without has none. So the way past
// is a request in which all of them are absent, for an action that could have carried one: an Allow beside the one
// that asks for the attestation lets it through.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-attestation.html
func (s *space) unattested(r *compiledPolicy) (u Unattested, whole bool) {
	u, whole = Unattested{Direct: []int{}, Delegated: []int{}}, true
	where := s.all()
	for i, d := range s.dims {
		if strings.HasPrefix(d.key.lower, attestationPrefix) {
			where[dimKeys+i] = d.absent()
		}
	}
	where[dimAction] = s.actionsWhere(func(a action) bool {
		known, ok := facts.LookupAction(a.name)
		return ok && known.RecipientAttestation
	})
	// The root user gets by the account's statement what it delegates: that is reported as delegated.
	persons := where.With(dimCaller, s.callersWhere(func(c *caller) bool { return c.kind != callerService && c.kind != callerRoot }))
	for i := range r.m.statements {
		if !r.m.statements[i].allow {
			continue
		}
		index := r.m.statements[i].index
		answer, witness := s.allowedBy(r, persons, i, direct).ask()
		whole = whole && answer != Unknown
		if answer == Yes {
			if u.Direct = append(u.Direct, index); u.Witness == nil {
				w := s.report(witness)
				u.Witness = &w
			}
			continue
		}
		answer, _ = s.allowedBy(r, persons, i, delegated).ask()
		whole = whole && answer != Unknown
		if answer == Yes {
			u.Delegated = append(u.Delegated, index)
		}
	}
	return u, whole
}

// allowedBy asks for a request that one statement allows at a level, and that is allowed.
func (s *space) allowedBy(r *compiledPolicy, where boxes.Box, at int, level level) question {
	return question{
		s: s, where: where, exact: r.exact,
		from:  func(v approximation) []boxes.Box { return r.allow[level][at][v] },
		minus: r.denied,
		confirm: func(req *request) bool {
			return r.m.match(&r.m.statements[at], req, level) == yes && getsIn(r.m.evaluate(req).decision)
		},
	}
}
