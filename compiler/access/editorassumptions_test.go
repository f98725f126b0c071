package access

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// editingAnswers are what is said of who can change a policy.
type editingAnswers struct {
	Editors, ByIdentityPolicy Editors
	Durable, RootUser         Answer
	Caller                    CallerCheck
	Principals                []string
	Editing                   Editing
}

func askEditing(a *Analysis) editingAnswers {
	l := a.Lockout()
	return editingAnswers{l.Editors, l.ByIdentityPolicy, l.DurableAnswer, l.RootUserAnswer, l.Caller, l.Principals, a.Editing()}
}

// TestLawEditorsNeedFewStatements: the statements that have a say in kms:PutKeyPolicy and, where the account's own suffices,
// that one, give the answers that the whole policy gives.
func TestLawEditorsNeedFewStatements(t *testing.T) {
	g := generator{rand.New(rand.NewPCG(10, 13))} // the same on every run
	fewer, delegated := 0, 0
	for range 300 {
		text := g.policy(5)
		if g.IntN(2) == 0 {
			text = strings.ReplaceAll(text, `"kms:*"`, `"kms:Decrypt"`)
			text = strings.Replace(text, `"Statement":[`, `"Statement":[`+rootStatement+",", 1)
		}
		doc, env := read(t, text), testEnv()
		env.Caller = pick(g, "", "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:user/alice")
		want := askEditing(NewAnalysis(doc, env))
		narrowed := func(narrow func(m *model) bool) (answers editingAnswers, silent int) {
			a := NewAnalysis(doc, env)
			assumptions, ok := a.narrowedAssumptions(narrow)
			if !ok {
				return want, 0
			}
			for _, st := range assumptions[0].s.models[0].statements {
				if !st.allow && !st.deny {
					silent++
				}
			}
			a.editorParts = []func() (editorPart, bool){func() (editorPart, bool) {
				return editorPart{assumptions: assumptions, everyAllow: true}, true
			}}
			return askEditing(a), silent
		}
		got, silent := narrowed((*model).keepEditing)
		if silent > 0 {
			fewer++
		}
		got.Principals = want.Principals // the other statements may name more of those who can
		if !reflect.DeepEqual(got, want) {
			t.Errorf("the statements that have a say: %+v, the policy: %+v: %s", got, want, text)
		}
		got, silent = narrowed((*model).keepDelegation)
		if silent > 0 {
			delegated++
		}
		got.Principals, got.Caller = want.Principals, want.Caller
		if !reflect.DeepEqual(got, want) {
			t.Errorf("the account's statement: %+v, the policy: %+v: %s", got, want, text)
		}
	}
	if fewer < 100 || delegated < 50 {
		t.Errorf("%d policies have statements that have no say, and %d need only the account's own: this tests little", fewer, delegated)
	}
}

// TestASpentBudgetLeavesTheEditors: a policy that is too large to compile is asked who can change it all the same.
func TestASpentBudgetLeavesTheEditors(t *testing.T) {
	root := rootStatement + ","
	other := `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/other"}, "Action": "kms:Put*", "Resource": "*", "Condition": {"StringLike": {"aws:PrincipalArn": [` + infixes(0, 300) + `]}}},`
	heavy := publicUnder("Allow", `"ArnLike": {"aws:PrincipalArn": [`+manyRoles("a", 200)+`]}`) + "," +
		publicUnder("Deny", `"ArnLike": {"aws:PrincipalArn": [`+manyRoles("b", 200)+`]}`)
	everything := strings.ReplaceAll(heavy, `"kms:Decrypt"`, `"kms:*"`)
	for name, c := range map[string]struct {
		statements string
		editors    Editors
		durable    Answer
	}{
		"the account":                        {root + heavy, EditorsAlways, Yes},
		"one role":                           {strings.Replace(root, ":root", ":role/admin", 1) + heavy, EditorsAlways, No},
		"nobody":                             {heavy, EditorsNone, No},
		"the account beside such an Allow":   {root + other + strings.Replace(everything, `"Deny"`, `"Allow"`, 1), EditorsAlways, Yes},
		"such a Deny of everything":          {root + everything, EditorsUnknown, Unknown},
		"such an Allow and no one besides":   {strings.Replace(everything, `"Deny"`, `"Allow"`, 1), EditorsUnknown, Unknown},
		"the account under a condition":      {strings.Replace(root, `"Resource"`, `"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}, "Resource"`, 1) + heavy, EditorsConditional, Yes},
		"the account, with an action unread": {strings.Replace(root, `"kms:*"`, `["kms:*", 1]`, 1) + heavy, EditorsUnknown, Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			env := testEnv()
			env.Budget.Steps = 20_000_000
			a := NewAnalysis(statements(t, c.statements), env)
			l, e := a.Lockout(), a.Editing()
			if !anySpent(a.assumptions()) {
				t.Fatal("the budget suffices: this tests nothing")
			}
			if l.Editors != c.editors || l.DurableAnswer != c.durable || e.Undenied != c.editors {
				t.Errorf("editors %s, durable %s, editing %+v, %v", l.Editors, l.DurableAnswer, e, a.Unknown())
			}
			if l.Editors == EditorsUnknown && a.Undecided(AskLockout) == "" {
				t.Error("nothing says why the editors are not known")
			}
			answer, _ := a.Public()
			outsider, _ := a.LetsOutsiderIn(0)
			if answer != Unknown || outsider != Unknown || a.Undecided(AskPublic) != ReasonBudget || a.OutsiderUndecided(0) != ReasonBudget {
				t.Errorf("public %s as %q, the first statement lets an outsider in: %s", answer, a.Undecided(AskPublic), outsider)
			}
		})
	}
}

// TestASearchThatIsGivenUpLeavesTheEditors: a policy that is compiled, and in whose statements the search for who can change it
// would be given up, is asked all the same, of those that have a say.
func TestASearchThatIsGivenUpLeavesTheEditors(t *testing.T) {
	contexts := func(action string) string {
		var list []string
		for i := range 50 {
			list = append(list, fmt.Sprintf(`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Action": %q, "Resource": "*",
				"Condition": {"StringEquals": {"kms:EncryptionContext:k%d": "v", "kms:EncryptionContext:l%d": "w"}, "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["k%d", "l%d"]}}}`, action, i, i, i, i))
		}
		return strings.Join(list, ",")
	}
	a := NewAnalysis(statements(t, rootStatement+","+contexts("kms:Decrypt")), testEnv())
	a.assumptions()
	a.env.Budget.Steps = 40_000_000 // enough for a part of the policy, and to compile it, but not to ask it
	if l, e := a.Lockout(), a.Editing(); l.Editors != EditorsAlways || l.DurableAnswer != Yes || e.Account != EditorsAlways || a.Undecided(AskLockout)+a.Undecided(AskEditing) != "" {
		t.Errorf("editors %s, durable %s, editing %+v, undecided %q", l.Editors, l.DurableAnswer, e, a.Undecided(AskLockout))
	}
	if whole := a.lockoutOf(editorPart{assumptions: a.assumptions(), everyAllow: true, whole: true}); anySpent(a.assumptions()) || whole.Editors != EditorsUnknown {
		t.Errorf("of the whole policy the editors are %s: this tests nothing", whole.Editors)
	}
}

// manyRoles are patterns on roles with a text inside, each another one.
func manyRoles(letter string, n int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(`"arn:aws:iam::*:role/*%s%d*"`, letter, i))
	}
	return strings.Join(list, ",")
}
