package access

import (
	"fmt"
	"runtime/metrics"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

// infixes are patterns with a text of three letters inside, each another one.
func infixes(from, n int) string {
	var list []string
	for i := from; i < from+n; i++ {
		list = append(list, fmt.Sprintf(`"*%c%c%c*"`, 'a'+i%26, 'a'+i/26%26, 'a'+i*7%26))
	}
	return strings.Join(list, ",")
}

func publicUnder(effect, condition string) string {
	return fmt.Sprintf(`{"Effect": %q, "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {%s}}`, effect, condition)
}

// worstPolicies take as much work as a policy of their size can, or more than the budget.
func worstPolicies(t testing.TB) map[string]*policy.Document {
	var infixed, tags, keys, sso, pairs []string
	for i := range 60 {
		effect := []string{"Allow", "Deny"}[i%2]
		infixed = append(infixed, publicUnder(effect, `"StringLike": {"aws:PrincipalArn": [`+infixes(i*20, 20)+`]}`))
	}
	for i := range 200 {
		tags = append(tags, publicUnder("Allow", fmt.Sprintf(`"StringEquals": {"aws:PrincipalTag/a%d": "${aws:PrincipalTag/b%d}"}`, i, i)))
	}
	for i := range 90 {
		keys = append(keys, publicUnder([]string{"Allow", "Deny"}[i%2], fmt.Sprintf(
			`"StringEquals": {"aws:PrincipalTag/a%d": "1", "aws:PrincipalTag/b%d": "1", "aws:PrincipalTag/c%d": "1", "aws:PrincipalTag/d%d": "1"}, "StringLike": {"kms:ViaService": "s%d.*"}`, i, i, i, i, i)))
	}
	pad := func(n int) string {
		return publicUnder("Allow", `"StringLike": {"aws:PrincipalArn": [`+infixes(0, n)+`]}`) + "," +
			publicUnder("Deny", `"StringLike": {"aws:PrincipalArn": [`+infixes(n, n)+`]}`)
	}
	for i := range 300 {
		sso = append(sso, fmt.Sprintf(`"arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_T%d_*"`, i))
		pairs = append(pairs, fmt.Sprintf(`"kms:EncryptionContext:k%d": "v%d"`, i, i))
	}
	var services []string
	for i := range 130 {
		services = append(services, fmt.Sprintf(`{"Effect": "Allow", "Principal": {"Service": "service%d.amazonaws.com"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}`, i))
	}
	var mixed, actions, sources, spared, contexts, variables []string
	for i := range 60 {
		effect := []string{"Allow", "Deny"}[i%2]
		var in []string
		for j, key := range []string{"aws:PrincipalArn", "kms:ViaService", "aws:PrincipalTag/team", "kms:EncryptionContext:app", "aws:userid"} {
			if (i+j)%5 < 3 {
				in = append(in, fmt.Sprintf(`%q: [%s]`, key, infixes(i*30+j*6, 5)))
			}
		}
		mixed = append(mixed, publicUnder(effect, `"StringLike": {`+strings.Join(in, ",")+`}`))
		var names []string
		for j := range 6 {
			names = append(names, fmt.Sprintf(`"kms:*%c*"`, 'a'+(i*7+j*5)%26))
		}
		actions = append(actions, strings.Replace(publicUnder(effect, fmt.Sprintf(`"StringEquals": {"aws:PrincipalTag/t%d": "%c"}`, i%20, 'a'+i%6)), `"kms:Decrypt"`, "["+strings.Join(names, ",")+"]", 1))
		sources = append(sources, fmt.Sprintf(`{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "kms:Decrypt", "Resource": "*",
			"Condition": {"ArnLike": {"aws:SourceArn": ["arn:aws:s3:::*%c%d*", "arn:aws:sns:*:*%d*:%c*"]}, "StringLike": {"aws:SourceAccount": "*%d*"}}}`, 'a'+i%26, i, 10+i, 'a'+i%26, 99-i))
		spared = append(spared, fmt.Sprintf(`{"Effect": "Deny", "NotPrincipal": {"AWS": ["arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:role/r%d", "arn:aws:sts::111122223333:assumed-role/r%d/s"]},
			"Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringLike": {"aws:PrincipalTag/t%d": "*x%d*"}}}`, i, i, i, i))
		contexts = append(contexts, publicUnder("Allow", fmt.Sprintf(
			`"StringEquals": {"kms:EncryptionContext:k%d": "v", "kms:EncryptionContext:l%d": "w"}, "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["k%d", "l%d"]}`, i, i, i, i)))
		variables = append(variables, publicUnder(effect, fmt.Sprintf(
			`"StringLike": {"kms:EncryptionContext:c%d": ["x%d-${aws:PrincipalTag/team}-*", "${aws:username}/${aws:userid}"], "aws:ResourceTag/r%d": "${aws:PrincipalTag/p%d}*"}`, i%9, i, i%5, i%11)))
	}
	out := map[string]*policy.Document{}
	for name, text := range map[string]string{
		"infix patterns on five keys": strings.Join(mixed, ","), "action patterns": strings.Join(actions, ","), "sources": strings.Join(sources, ","),
		"NotPrincipal": strings.Join(spared, ","), "contexts": strings.Join(contexts, ","), "variables": strings.Join(variables, ","),
		"services": strings.Join(services, ","), "SSO roles in a Deny": publicUnder("Deny", `"ArnNotLike": {"aws:PrincipalArn": [`+strings.Join(sso, ",")+`]}`),
		"context pairs":  publicUnder("Allow", `"StringEquals": {`+strings.Join(pairs, ",")+`}`),
		"infix patterns": strings.Join(infixed, ","), "tags that are other tags": strings.Join(tags, ","), "five keys": strings.Join(keys, ","),
		"padded by 100": pad(100), "padded by 1000": pad(1000), "formula": hardPolicy(40, 150),
	} {
		out[name] = statements(t, rootStatement+","+text)
	}
	return out
}

func BenchmarkWorst(b *testing.B) {
	for name, doc := range worstPolicies(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var most atomic.Uint64
			done := make(chan struct{})
			stopped := make(chan struct{})
			go watchHeap(&most, done, stopped)
			for b.Loop() {
				Analyze(doc, testEnv())
			}
			close(done)
			<-stopped
			b.ReportMetric(float64(most.Load())/(1<<20), "peak-MB")
		})
	}
}

// BenchmarkWorstDiff compares each of the policies with itself less its last statement.
func BenchmarkWorstDiff(b *testing.B) {
	for name, doc := range worstPolicies(b) {
		b.Run(name, func(b *testing.B) {
			less := *doc
			less.Statements = less.Statements[:len(less.Statements)-1]
			b.ReportAllocs()
			for b.Loop() {
				Diff(doc, &less, testEnv(), testEnv())
			}
		})
	}
}

// watchHeap takes down the most memory that the heap takes, till done is closed.
func watchHeap(most *atomic.Uint64, done <-chan struct{}, stopped chan<- struct{}) {
	defer close(stopped)
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	for tick := time.NewTicker(time.Millisecond); ; {
		metrics.Read(sample)
		most.Store(max(most.Load(), sample[0].Value.Uint64()))
		select {
		case <-done:
			tick.Stop()
			return
		case <-tick.C:
		}
	}
}

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

// TestWorstPoliciesStayWithinTheBudget counts what an analysis takes down, in steps: no part takes more than its share.
func TestWorstPoliciesStayWithinTheBudget(t *testing.T) {
	for name, doc := range worstPolicies(t) {
		env := testEnv()
		env.Budget.Steps = 50_000_000
		a := NewAnalysis(doc, env)
		for _, v := range a.assumptions() {
			most := env.Budget.meter(shareBuild, 1)
			if used := most.steps - v.s.meter.steps; used > most.steps+1_000_000 {
				t.Errorf("%s: compiling took %d steps of %d", name, used, most.steps)
			}
		}
		if a.Lockout().Editors == EditorsNone {
			t.Errorf("%s: nobody can change it, though the account can", name)
		}
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
