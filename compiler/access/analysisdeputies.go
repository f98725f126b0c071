package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

// ConfusedDeputy lists the services that an untrusted account can drive.
func (a *Analysis) ConfusedDeputy() []Deputy { return a.deputies() }

// Over several assumed accounts a service is a deputy where it is one under all of them. A statement that one
// assumption leaves open stays open: an accusation needs every account, an acquittal too.
func (a *Analysis) findDeputies() []Deputy {
	out := append(a.writtenDeputies(), a.namedDeputies()...)
	slices.SortFunc(out, func(x, y Deputy) int { return strings.Compare(x.Service, y.Service) })
	return out
}

// writtenDeputies are those that the policy names in full, or everyone's statement lets in.
func (a *Analysis) writtenDeputies() []Deputy {
	lists := answers(a, AskDeputies, shareDeputies, func(v assumption) deputyAnswer { return v.s.deputies(v.r) }, a.unknownDeputies)
	for _, one := range lists {
		if len(one.unsettled) > 0 {
			a.note(AskDeputies)
		}
	}
	out := slices.Clone(lists[0].list)
	for _, one := range lists[1:] {
		list, keep := one.list, []Deputy{}
		for _, d := range out {
			if at := slices.IndexFunc(list, func(o Deputy) bool { return o.Service == d.Service }); at >= 0 {
				d.Statements = slices.DeleteFunc(slices.Clone(d.Statements), func(i int) bool { return !slices.Contains(list[at].Statements, i) })
				if len(d.Statements) > 0 {
					keep = append(keep, d)
				}
			}
		}
		if len(keep) != len(out) || len(keep) != len(list) {
			a.unsettle(AskDeputies, accountReason("Which services an untrusted account can make use the key"))
		}
		out = keep
	}
	for _, one := range lists { // what one account leaves open is open
		a.openDeputies = union(a.openDeputies, one.unsettled)
	}
	return out
}

// unknownDeputies leaves open every statement that may allow a service something.
func (a *Analysis) unknownDeputies() deputyAnswer {
	var out deputyAnswer
	for i := range a.doc.Statements {
		st := &a.doc.Statements[i]
		if st.Effect.Value != "Deny" && slices.ContainsFunc(st.Principals, func(p policy.Principal) bool { return p.Kind == policy.Service || p.Kind == policy.Anyone }) {
			out.unsettled = append(out.unsettled, st.Index)
		}
	}
	return out
}

// DeputyUndecided says what would settle whether an untrusted account can drive a service by a statement; "" where that is settled.
func (a *Analysis) DeputyUndecided(statement int) ReasonKind {
	a.ConfusedDeputy()
	if !slices.Contains(a.openDeputies, statement) {
		return ""
	}
	return a.kinds[AskDeputies]
}
