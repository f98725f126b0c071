package access

import (
	"slices"
)

// External lists the principals outside the trusted accounts and organizations that get in.
func (a *Analysis) External() []External { return a.external() }

func (a *Analysis) findExternal() []External {
	settled := true
	lists := answers(a, AskExternal, shareExternal, func(v assumption) []External {
		var list []External
		v.s.fromToday(func() {
			var whole bool
			list, whole = v.s.external(v.r)
			settled = settled && whole
		})
		return list
	}, func() []External { settled = false; return []External{} })
	out := lists[0]
	for _, other := range lists[1:] {
		var keep []External
		for _, e := range out {
			at := slices.IndexFunc(other, func(o External) bool {
				return o.Principal == e.Principal && slices.Equal(o.Actions, e.Actions) && o.Conditions.same(e.Conditions)
			})
			if at >= 0 {
				e.Except = eitherExcepts(e.Except, other[at].Except)
				keep = append(keep, e)
			}
		}
		if len(keep) != len(out) || len(other) != len(keep) {
			a.unsettle(AskExternal, accountReason("Who gets in from outside"))
		}
		out = append([]External{}, keep...)
	}
	if !settled {
		a.noteInexact(AskExternal)
	}
	return out
}

// Public reports whether an outsider gets in, with a request as witness.
func (a *Analysis) Public() (Answer, *Request) {
	p := a.public()
	return p.answer, p.witness
}

func (a *Analysis) findPublic() publicAnswer { return a.outsider(AskPublic, sharePublic, 1, -1) }

// LetsOutsiderIn reports whether a statement, after all Deny statements, lets in an outsider: a caller whose account
// and organization neither the policy nor trust names, from a network that the policy does not name.
// Each statement is asked by itself, with the Deny statements of all: a rule points at the line that lets the
// outsider in, and a policy can have several.
func (a *Analysis) LetsOutsiderIn(statement int) (Answer, *Request) {
	if statement >= len(a.doc.Statements) {
		return No, nil
	}
	known, ok := a.outsiders[statement]
	if !ok { // each statement has an equal part of the share, whichever are asked
		known = a.outsider(askOutsider(statement), shareOutsiders, len(a.doc.Statements), statement)
		a.outsiders[statement] = known
	}
	return known.answer, known.witness
}

func (a *Analysis) outsider(q Question, of share, parts, statement int) publicAnswer {
	list := answersOf(a, a.outsideOf(), q, of, func(v assumption) publicAnswer {
		v.s.meter.divide(parts)
		answer, witness := v.s.letsOutsiderIn(v.r, statement)
		if witness == nil {
			return publicAnswer{answer: answer}
		}
		w := v.s.report(witness)
		return publicAnswer{answer, &w}
	}, func() publicAnswer { return publicAnswer{answer: Unknown} })
	out := list[0]
	for _, other := range list[1:] {
		if other.answer != out.answer {
			a.unsettle(q, accountReason("Whether the key is public"))
			out = publicAnswer{answer: Unknown}
		}
	}
	if out.answer == Unknown {
		if named := a.outsiderOfNamedValues(statement); named.answer != Unknown {
			return named
		}
	}
	if out.answer == Unknown && a.kinds[q] == "" {
		a.noteOf(a.outsideOf(), q)
	}
	return out
}
