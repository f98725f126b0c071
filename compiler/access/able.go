package access

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
	"github.com/keypolicy/keypolicy/compiler/facts"
)

// Able reports whether the policy leaves anyone for what a key needs someone for: someone of the key's own account, but for
// Use, which any caller may do.
// KMS refuses none of this: a policy that leaves nobody for kms:ScheduleKeyDeletion or kms:EnableKey is put
// without a word, and is found out on the day on which somebody needs it. Only changing the policy has a check of
// KMS's own, see callercheck.go.
type Able struct {
	ReadPolicy       Answer // kms:GetKeyPolicy
	Describe         Answer // kms:DescribeKey
	ScheduleDeletion Answer // kms:ScheduleKeyDeletion
	CancelDeletion   Answer // kms:CancelKeyDeletion
	Enable           Answer // kms:EnableKey
	Use              Answer // a cryptographic operation

	Undecided ReasonKind // what would settle the answers that are unknown
}

// Able says what somebody is left for.
func (a *Analysis) Able() Able { return a.able.ask(a.findAble) }

func (a *Analysis) findAble() Able {
	var out Able
	unknown := func() Able {
		return Able{ReadPolicy: Unknown, Describe: Unknown, ScheduleDeletion: Unknown, CancelDeletion: Unknown, Enable: Unknown, Use: Unknown}
	}
	for i, able := range answers(a, AskAble, shareAble, func(v assumption) Able { return v.s.capabilities(v.r) }, unknown) {
		if slices.ContainsFunc(able.answers(), func(answer *Answer) bool { return *answer == Unknown }) {
			a.note(AskAble)
		}
		if i == 0 {
			out = able
			continue
		}
		for at, answer := range able.answers() {
			if mine := out.answers()[at]; *mine != *answer {
				*mine = Unknown
				a.unsettle(AskAble, accountReason("Who can still read, use, delete or restore the key"))
			}
		}
	}
	out.Undecided = a.kinds[AskAble]
	return out
}

func (able *Able) answers() []*Answer {
	return []*Answer{&able.ReadPolicy, &able.Describe, &able.ScheduleDeletion, &able.CancelDeletion, &able.Enable, &able.Use}
}

// A service of AWS does not count as somebody of the account: it calls for its own purposes, and people cannot have
// it enable a key. An identity policy counts as given, as everywhere: what the key policy delegates to the
// account, somebody there can be let do.
func (s *space) capabilities(r *compiledPolicy) Able {
	own := s.callersWhere(func(c *caller) bool { return c.kind != callerService && c.account == r.m.owner })
	ask := func(callers boxes.Set, fits func(a action) bool) Answer {
		answer, _ := s.allowed(r, s.ahead().With(dimAction, s.actionsWhere(fits)).With(dimCaller, callers)).ask()
		return answer
	}
	named := func(name string) Answer { return ask(own, func(a action) bool { return a.name == name }) }
	return Able{
		ReadPolicy: named("kms:GetKeyPolicy"), Describe: named("kms:DescribeKey"),
		ScheduleDeletion: named("kms:ScheduleKeyDeletion"), CancelDeletion: named("kms:CancelKeyDeletion"), Enable: named("kms:EnableKey"),
		Use: ask(s.callersWhere(func(*caller) bool { return true }), func(a action) bool {
			known, ok := facts.LookupAction(a.name)
			return ok && known.Cryptographic
		}),
	}
}
