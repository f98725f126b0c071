package rules

import (
	"time"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// meaning is what a policy allows, as the rules see it. Only the parts that enabled rules need are worked out.
type meaning struct {
	policy     *policyMeaning
	statements []*statementMeaning // by the statement's index; nil where no rule needs them
	leftovers  [][]access.Leftover // by statement and principal
}

// policyMeaning is input.access.
type policyMeaning struct {
	Lockout        *lockoutMeaning     `json:"lockout,omitempty"`
	External       []access.External   `json:"external,omitzero"`
	Public         access.Answer       `json:"public,omitempty"`
	PublicWitness  *diag.Witness       `json:"public_witness,omitempty"`
	ConfusedDeputy []access.Deputy     `json:"confused_deputy,omitzero"`
	Statements     []*statementMeaning `json:"statements,omitzero"`
	Matrix         []access.Row        `json:"matrix,omitzero"`
	Able           *ableMeaning        `json:"able,omitempty"`
	Unattested     *unattestedMeaning  `json:"unattested,omitempty"`
	Unknown        []string            `json:"unknown"`
}

// leftover is what a statement leaves each of its principals; nil where that is all that it says.
func (m meaning) leftover(statement int) []access.Leftover {
	if statement >= len(m.leftovers) {
		return nil
	}
	return m.leftovers[statement]
}

type lockoutMeaning struct {
	Editors    access.Editors    `json:"editors"`
	Durable    access.Answer     `json:"durable"`
	RootUser   access.Answer     `json:"root_user"`
	Principals []string          `json:"principals"`
	Conditions access.Conditions `json:"conditions"`
	Witness    *diag.Witness     `json:"witness,omitempty"`
	Account    access.Editors    `json:"account"`
	Undenied   access.Editors    `json:"undenied"`
	DeniedBy   []int             `json:"denied_by"`
}

type ableMeaning struct {
	ReadPolicy       access.Answer `json:"read_policy"`
	Describe         access.Answer `json:"describe"`
	ScheduleDeletion access.Answer `json:"schedule_deletion"`
	CancelDeletion   access.Answer `json:"cancel_deletion"`
	Enable           access.Answer `json:"enable"`
	Use              access.Answer `json:"use"`
}

type unattestedMeaning struct {
	Direct    []int         `json:"direct"`
	Delegated []int         `json:"delegated"`
	Witness   *diag.Witness `json:"witness,omitempty"`
}

// statementMeaning is input.statement.access, and an entry of input.access.statements.
type statementMeaning struct {
	Index          int              `json:"index"`
	Sid            string           `json:"sid"`
	Status         access.Status    `json:"status,omitempty"`
	By             []int            `json:"by,omitzero"`
	Why            string           `json:"why,omitempty"`
	Blame          []diag.Path      `json:"blame,omitzero"` // from the statement
	Outsider       *outsiderMeaning `json:"outsider,omitempty"`
	ConfusedDeputy []access.Deputy  `json:"confused_deputy,omitzero"`
}

type outsiderMeaning struct {
	Answer  access.Answer `json:"answer"`
	Witness *diag.Witness `json:"witness,omitempty"`
}

// oversize is how many times as long as KMS takes a policy may be for its meaning to be worked out: a rule tells that it
// is too long, and no other finding is of use then.
const oversize = 2

// meaning works out what a policy means, as far as a rule needs it.
func (in *inputs) meaning(p *policy.Policy) meaning {
	if len(in.parts) == 0 || p.Document.Size() > oversize*facts.PolicyMaxBytes() {
		return meaning{}
	}
	env := access.EnvOf(p.Key)
	env.TrustAccounts, env.TrustOrgs = in.trusted.Accounts, in.trusted.Organizations
	env.Today = in.day
	a := access.NewAnalysis(p.Document, env)
	m := meaning{policy: &policyMeaning{}, statements: in.statementMeanings(p.Document, a), leftovers: a.Leftovers()}
	m.policy.Statements = m.statements
	if in.parts[NeedLockout] {
		l, e := a.Lockout(), a.Editing()
		m.policy.Lockout = &lockoutMeaning{
			Editors: l.Editors, Durable: l.DurableAnswer, RootUser: l.RootUserAnswer,
			Principals: l.Principals, Conditions: l.Conditions, Witness: l.Witness,
			Account: e.Account, Undenied: e.Undenied, DeniedBy: listed(e.DeniedBy),
		}
	}
	if in.parts[NeedExternal] {
		m.policy.External = listed(a.External())
	}
	if in.parts[NeedPublic] {
		m.policy.Public, m.policy.PublicWitness = a.Public()
	}
	if in.parts[NeedConfusedDeputy] {
		m.policy.ConfusedDeputy = listed(a.ConfusedDeputy())
	}
	if in.parts[NeedMatrix] {
		m.policy.Matrix = listed(a.Matrix())
	}
	if in.parts[NeedAble] {
		able := ableMeaning(a.Able())
		m.policy.Able = &able
	}
	if in.parts[NeedUnattested] {
		unattested := unattestedMeaning(a.Unattested())
		m.policy.Unattested = &unattested
	}
	m.policy.Unknown = listed(a.Unknown())
	return m
}

func (in *inputs) statementMeanings(doc *policy.Document, a *access.Analysis) []*statementMeaning {
	all := make([]*statementMeaning, len(doc.Statements))
	for i := range all {
		all[i] = &statementMeaning{Index: i, Sid: doc.Statements[i].Sid.Value}
		if in.parts[NeedConfusedDeputy] {
			all[i].ConfusedDeputy = []access.Deputy{}
		}
		if in.parts[NeedOutsider] && doc.Statements[i].Effect.Value == "Allow" {
			all[i].Outsider = &outsiderMeaning{}
			all[i].Outsider.Answer, all[i].Outsider.Witness = a.LetsOutsiderIn(i)
		}
	}
	if in.parts[NeedStatements] {
		for _, st := range a.Statements() {
			m := all[st.Index]
			m.Status, m.By, m.Why, m.Blame = st.Status, listed(st.By), st.Why, []diag.Path{}
			for _, path := range st.Blame {
				m.Blame = append(m.Blame, path[len(doc.Statements[st.Index].Path):])
			}
		}
	}
	if in.parts[NeedConfusedDeputy] {
		for _, d := range a.ConfusedDeputy() {
			for _, i := range d.Statements {
				all[i].ConfusedDeputy = append(all[i].ConfusedDeputy, d)
			}
		}
	}
	return all
}

// listed is a list that was asked for: empty where there is nothing, and so to be told from one that was not.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// day reads the day of the run; the zero time where it is not given.
func day(today string) time.Time {
	t, err := time.Parse(time.DateOnly, today)
	if err != nil {
		return time.Time{}
	}
	return t
}
