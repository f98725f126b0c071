package access

import (
	"fmt"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

// TestPaddedPoliciesAreDecided: patterns that are many hide neither that outsiders get in nor who can change the policy.
func TestPaddedPoliciesAreDecided(t *testing.T) {
	a := NewAnalysis(worstPolicies(t)["padded by 100"], testEnv())
	if answer, witness := a.Public(); answer != Yes || witness == nil {
		t.Errorf("public %s, %v", answer, a.Unknown())
	}
	if l := a.Lockout(); l.Editors != EditorsAlways {
		t.Errorf("editors %s, %v", l.Editors, a.Unknown())
	}
}

// TestADenyOfOtherActionsDoesNotHideTheEditors: an account's own statement is decided whatever patterns others have.
func TestADenyOfOtherActionsDoesNotHideTheEditors(t *testing.T) {
	var patterns []string
	for i := range 40 {
		patterns = append(patterns, fmt.Sprintf(`"arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_T%d_*"`, i))
	}
	deny := `{"Effect": "Deny", "Principal": "*", "Action": "kms:DisableKey", "Resource": "*", "Condition": {"ArnNotLike": {"aws:PrincipalArn": [` + strings.Join(patterns, ",") + `]}}}`
	if l := NewAnalysis(statements(t, rootStatement+","+deny), testEnv()).Lockout(); l.Editors != EditorsAlways {
		t.Errorf("editors %s", l.Editors)
	}
}

// TestMoreBudgetOnlySettles: with more steps an answer may become known, and none turns into its opposite. An answer of
// unknown says that it is the budget, and is the same whichever other questions are asked before.
func TestMoreBudgetOnlySettles(t *testing.T) {
	for name, doc := range map[string]*policy.Document{
		"formula": statements(t, hardPolicy(12, 40)), "large": statements(t, largePolicy()), "console": statements(t, consolePolicy),
	} {
		known := map[Question]string{}
		for _, steps := range []int{300, 30_000, 1_000_000, 30_000_000} {
			env := testEnv()
			env.Budget.Steps = steps
			first, last := NewAnalysis(doc, env), NewAnalysis(doc, env)
			last.Statements()
			last.ConfusedDeputy()
			for q, ask := range map[Question]func(a *Analysis) string{
				AskPublic:  func(a *Analysis) string { answer, _ := a.Public(); return string(answer) },
				AskLockout: func(a *Analysis) string { return string(a.Lockout().Editors) },
			} {
				answer := ask(first)
				if other := ask(last); other != answer {
					t.Errorf("%s, %d steps: %s is %s, and %s after other questions", name, steps, q, answer, other)
				}
				if answer == "unknown" {
					if first.Undecided(q) != ReasonBudget {
						t.Errorf("%s, %d steps: %s is unknown as %q", name, steps, q, first.Undecided(q))
					}
					continue
				}
				if before := known[q]; before != "" && before != answer {
					t.Errorf("%s, %d steps: %s is %s, and was %s with fewer", name, steps, q, answer, before)
				}
				known[q] = answer
			}
		}
		if len(known) != 2 {
			t.Errorf("%s: known are only %v", name, known)
		}
	}
}

// TestASearchThatIsGivenUpSettlesNothing: a question whose own steps run out, after the policy is compiled, is answered as
// with enough of them or is unknown, wherever in the search they run out.
func TestASearchThatIsGivenUpSettlesNothing(t *testing.T) {
	open := publicUnder("Allow", `"StringLike": {"aws:PrincipalArn": "*:role/*"}`)
	unknown := map[string]bool{}
	for name, doc := range map[string]*policy.Document{
		"console": statements(t, consolePolicy), "open": statements(t, rootStatement+","+open), "formula": statements(t, hardPolicy(6, 12)),
	} {
		for _, v := range NewAnalysis(doc, testEnv()).assumptions() {
			ask := func(steps int) map[string]string {
				v.s.meter = &meter{steps: steps, bytes: defaultMemory}
				public, _ := v.s.letsOutsiderIn(v.r, -1)
				v.s.meter = &meter{steps: steps, bytes: defaultMemory}
				l := unknownLockout()
				within(func() { l = v.s.lockout(v.r) })
				return map[string]string{
					"public": string(public), "editors": string(l.Editors), "by identity policy": string(l.ByIdentityPolicy),
					"durable": string(l.DurableAnswer), "root user": string(l.RootUserAnswer),
				}
			}
			settled := ask(defaultSteps)
			for steps := 1; steps < 10_000_000; steps += steps/20 + 1 {
				for what, answer := range ask(steps) {
					if answer == "unknown" {
						unknown[what] = true
					} else if answer != settled[what] {
						t.Errorf("%s, %d steps: %s is %s, and %s with enough", name, steps, what, answer, settled[what])
					}
				}
			}
			for what, answer := range settled {
				if answer == "unknown" {
					t.Errorf("%s: %s is unknown", name, what)
				}
			}
		}
	}
	if len(unknown) != 5 {
		t.Errorf("the steps ran out for %v only", unknown)
	}
}

// TestSharesAreSplit: what the questions, the accounts that are supposed and the statements may use makes up no more than
// the budget.
func TestSharesAreSplit(t *testing.T) {
	all := shareBuild + shareBuildOutside + 2*shareNarrowed + 3*(shareLockout+shareEditing) + sharePublic + shareOutsiders + shareExternal + shareDeputies +
		shareStatements + shareMatrix + shareAble + shareUnattested + shareLeftovers
	if all > 100 || shareBuild+shareCompare > 100 {
		t.Errorf("the questions of a policy may use %d hundredths, those of a pair %d", all, shareBuild+shareCompare)
	}
	env := testEnv()
	whole, part := env.Budget.meter(shareLockout, 1), env.Budget.meter(shareLockout, 4)
	if part.steps*4 > whole.steps || part.bytes*4 > whole.bytes {
		t.Errorf("one of four parts is %+v of %+v", *part, *whole)
	}
	a := NewAnalysis(statements(t, rootStatement+strings.Repeat(","+publicUnder("Allow", `"Bool": {"aws:SecureTransport": "true"}`), 9)), env)
	for i := range 10 {
		a.LetsOutsiderIn(i)
		if left := a.outsideOf()[0].s.meter.steps; left > env.Budget.meter(shareOutsiders, 10).steps {
			t.Errorf("statement %d has %d steps left, more than its part", i, left)
		}
	}
}

// TestListsAreOpenOnlyWhereOneOfTheirQuestionsIs: what is not worked out of one statement leaves nothing open of others, nor of
// outsiders where nobody gets in whatever it says; where nothing could be asked, every statement for a service is open.
func TestListsAreOpenOnlyWhereOneOfTheirQuestionsIs(t *testing.T) {
	const hard = `"StringEquals": {"aws:ResourceTag/a": "${aws:SourceAccount}-${aws:SourceArn}"}`
	service := func(name, condition string) string {
		return fmt.Sprintf(`{"Effect": "Allow", "Principal": {"Service": "%s.amazonaws.com"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {%s}}`, name, condition)
	}
	doc := statements(t, rootStatement+","+service("sns", hard)+","+service("sqs", `"StringEquals": {"aws:SourceAccount": "111122223333"}`))
	a := NewAnalysis(doc, testEnv())
	a.External()
	if a.Undecided(AskExternal) != "" {
		t.Errorf("who is outside is undecided: %v", a.Unknown())
	}
	if kind := a.DeputyUndecided(1); kind != ReasonBudget {
		t.Errorf("the first service is undecided as %q", kind)
	}
	if kind := a.DeputyUndecided(2); kind != "" {
		t.Errorf("the second service is undecided as %q", kind)
	}
	env := testEnv()
	env.Budget.Steps = 1_000
	a = NewAnalysis(doc, env)
	for i, want := range []ReasonKind{"", ReasonBudget, ReasonBudget} {
		if kind := a.DeputyUndecided(i); kind != want {
			t.Errorf("with no budget, statement %d is undecided as %q, want %q", i, kind, want)
		}
	}
	a.External()
	if a.Undecided(AskExternal) != ReasonBudget {
		t.Error("with no budget, who is outside is decided")
	}
}

// TestWhatHangsOnTheAccountIsNotYetKnown: the account is still to be given, so no budget was too small.
func TestWhatHangsOnTheAccountIsNotYetKnown(t *testing.T) {
	doc := read(t, `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*",
		"Principal": {"AWS": ["arn:aws:iam::111122223333:root", "arn:aws:iam::444455556666:root"]}}]}`)
	if able := NewAnalysis(doc, Env{}).Able(); able.Undecided != ReasonNotYetKnown || able.Describe != Unknown {
		t.Errorf("got %+v", able)
	}
}

// TestLessAfterAnInexactSearch: where the callers are not all found, searches that end sooner change no answer.
func TestLessAfterAnInexactSearch(t *testing.T) {
	policies := worstPolicies(t)
	for _, name := range []string{"SSO roles", "principals with wildcards", "infix patterns on five keys"} {
		doc, env := *policies[name], testEnv()
		doc.Statements = doc.Statements[:25]
		env.Budget.Classes = 200
		whole := env
		whole.Budget.afterInexact = 1
		long, short := NewAnalysis(&doc, whole), NewAnalysis(&doc, env)
		if short.assumptions()[0].s.exact {
			t.Errorf("%s: all callers are found", name)
		}
		public, _ := long.Public()
		if answer, _ := short.Public(); answer != public {
			t.Errorf("%s: public is %s, and %s with whole searches", name, answer, public)
		}
		if editors, want := short.Lockout().Editors, long.Lockout().Editors; editors != want {
			t.Errorf("%s: editors are %s, and %s with whole searches", name, editors, want)
		}
		for i := range doc.Statements {
			want, _ := long.LetsOutsiderIn(i)
			if answer, _ := short.LetsOutsiderIn(i); answer != want {
				t.Errorf("%s, statement %d: outsiders %s, and %s with whole searches", name, i, answer, want)
			}
		}
	}
}

// TestStatementsThatOneKeyDistinguishes: thirty Deny statements that each test a key of their own do not multiply where another key has a
// value of its own in each.
func TestStatementsThatOneKeyDistinguishes(t *testing.T) {
	list := []string{publicUnder("Allow", "")}
	for i := range 30 {
		list = append(list, publicUnder("Deny", fmt.Sprintf(`"StringEquals": {"aws:PrincipalTag/app%d": "a", "aws:PrincipalTag/env": "e%d"}`, i, i)))
	}
	a := NewAnalysis(statements(t, strings.Join(list, ",")), testEnv())
	if rows := a.Matrix(); len(rows) == 0 || len(a.Unknown()) > 0 {
		t.Errorf("%d rows, not known: %v", len(rows), texts(a.Unknown()))
	}
}
