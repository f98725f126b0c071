package access

import (
	"slices"
	"strings"
)

// Matrix says who may do what, from today on where the day is known.
func (a *Analysis) Matrix() []Row { return a.matrix() }

// The account that represents one that the policy does not name would be a made-up id in the table, so its rows
// are left out; with no account named at all, the owner is written as the key's own account.
func (a *Analysis) findMatrix() []Row {
	assumptions := a.assumptions()
	ask := func(v assumption) (rows []Row) {
		v.s.fromToday(func() { rows = v.s.matrix(v.r) })
		return rows
	}
	lists := answers(a, AskMatrix, shareMatrix, ask, func() []Row { return []Row{} })
	out := lists[0]
	for _, rows := range lists[1:] {
		out = a.foldRows(out, rows)
	}
	switch fresh := ":" + assumptions[len(assumptions)-1].s.models[0].owner + ":"; {
	case knownOwner(a.env) != "":
	case len(assumptions) == 1:
		for i := range out {
			out[i].Principal = ownAccount(out[i].Principal)
			for j := range out[i].Except {
				out[i].Except[j].Principal = ownAccount(out[i].Except[j].Principal)
			}
		}
	default: // the account that represents one that the policy does not name is none
		out = slices.DeleteFunc(out, func(r Row) bool { return strings.Contains(r.Principal, fresh) })
		for i := range out {
			out[i].Except = slices.DeleteFunc(out[i].Except, func(e Exception) bool { return strings.Contains(e.Principal, fresh) })
		}
	}
	a.noteInexact(AskMatrix)
	return out
}

// foldRows keeps what holds for either account; a decision that differs is unknown.
func (a *Analysis) foldRows(rows, others []Row) []Row {
	same := func(x, y Row) bool {
		return x.Principal == y.Principal && x.Kind == y.Kind && slices.Equal(x.Actions, y.Actions) && x.Conditions.same(y.Conditions)
	}
	depends := func() {
		a.unsettle(AskMatrix, accountReason("Who may do what"))
	}
	for i := range rows {
		at := slices.IndexFunc(others, func(o Row) bool { return same(rows[i], o) && o.Decision == rows[i].Decision })
		if at < 0 {
			rows[i].Decision = Undecided
			depends()
			continue
		}
		rows[i].Except = eitherExcepts(rows[i].Except, others[at].Except)
	}
	for _, o := range others {
		if !slices.ContainsFunc(rows, func(r Row) bool { return same(r, o) }) {
			o.Decision = Undecided
			rows = append(rows, o)
			depends()
		}
	}
	return sortRows(withoutParts(rows))
}

// withoutParts leaves out rows that are part of another.
func withoutParts(rows []Row) []Row {
	part := func(a, b Row) bool {
		return a.Decision == b.Decision && a.Principal == b.Principal && a.Kind == b.Kind &&
			a.Conditions.same(b.Conditions) && len(a.Actions) < len(b.Actions) &&
			!slices.ContainsFunc(a.Actions, func(name string) bool { return !slices.Contains(b.Actions, name) })
	}
	return slices.DeleteFunc(slices.Clone(rows), func(a Row) bool {
		return slices.ContainsFunc(rows, func(b Row) bool { return part(a, b) })
	})
}
