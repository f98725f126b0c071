package push

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// padded is a policy that takes more than the budget to work out: patterns that overlap in every way, allowed and denied.
func padded() string {
	list := func(pattern string) string {
		var values []string
		for i := range 1000 {
			values = append(values, fmt.Sprintf("%q", fmt.Sprintf(pattern, i)))
		}
		return strings.Join(values, ",")
	}
	statement := func(effect, operator, pattern string) string {
		return fmt.Sprintf(`{"Effect":%q,"Principal":{"AWS":"*"},"Action":"kms:Decrypt","Resource":"*","Condition":{%q:{"aws:PrincipalArn":[%s]}}}`, effect, operator, list(pattern))
	}
	return document(rootAll, statement("Allow", "ArnLike", "arn:aws:iam::*:role/*a%d*"), statement("Deny", "StringLike", "arn:aws:iam::*:role/*b*c%d*"))
}

// What cannot be worked out is objected to: a change of access that was not reviewed would be a surprise.
func TestADifferenceThatIsNotKnownBlocks(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{Policy: padded()})
	wanted := target(key, letting("a"))
	items := b.apply(wanted)
	expectState(t, items[0], Blocked, "who gains and who loses access is not known in full: ")
	if b.server.Count("PutKeyPolicy") > 0 {
		t.Error("it was applied")
	}
	p := &Planner{Cloud: b.cloud, AllowUnknownDifference: true}
	it := p.Plan(t.Context(), []Target{wanted})[0]
	expectState(t, it, Change, "")
	if !hasFinding(it, "difference-unknown") {
		t.Errorf("%+v", it.Findings)
	}
}

// A run that is taken up has the flags that it was begun with.
func TestResumeRemembersThatADifferenceMayBeUnknown(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{Policy: padded()})
	items := (&Planner{Cloud: b.cloud, AllowUnknownDifference: true}).Plan(t.Context(), []Target{target(key, letting("a"))})
	b.newRun(quickClock{})
	_, err := b.dir.Begin(items, Flags{AllowUnknown: true}, nil, b.cloud)
	check(t, err)
	run, err := (&Planner{Cloud: b.cloud}).Resume(t.Context(), b.dir)
	check(t, err)
	expectState(t, run.Items[0], Change, "")
}

func TestALiveGrantOfAnActionThatIsNotListedIsAChange(t *testing.T) {
	b := newBench(t)
	young := strings.Replace(statement("young", `"kms:TeleportKey"`, "x"), `{"AWS":["x"]}`, `"*"`, 1)
	key := b.server.Add(kmstest.Key{Policy: document(rootAll, young)})
	it := b.plan(target(key, document(rootAll)))[0]
	expectState(t, it, Change, "it differs only for actions that AWS may add")
	if len(it.Diff.Future) == 0 || it.Diff.Equivalent || len(it.Diff.Unknown) != 1 || !strings.Contains(it.Diff.Unknown[0].Text, "kms:TeleportKey") {
		t.Errorf("%+v", it.Diff)
	}
}

func TestADeletedPrincipalOfTheLivePolicyIsReportedOnce(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{Policy: strings.Replace(letting("a"), role("a"), "AROAEXAMPLEEXAMPLE12", 1)})
	p := &Planner{Cloud: b.cloud, LintLive: func(context.Context, spec.Key, string) (diag.List, error) {
		return diag.List{{Rule: "deleted-principal-id", Severity: diag.Error, Message: "AROAEXAMPLEEXAMPLE12 is the id of a deleted role"}}, nil
	}}
	it := p.Plan(t.Context(), []Target{target(key, letting("a"))})[0]
	if len(it.Findings) != 1 || it.Findings[0].Reason != "deleted-principal" {
		t.Errorf("%+v", it.Findings)
	}
}

// Keys with equal policies are compared once, where what the policies mean does not depend on which key it is.
func TestEqualPoliciesAreComparedOnce(t *testing.T) {
	const a, other = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-000000000001", "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-000000000002"
	item := func(arn, live, wanted string, change ...func(*access.Env)) *Item {
		it := &Item{Target: Target{Policy: []byte(wanted)}, ARN: arn, Live: live, env: access.Env{Account: kmstest.Account, Partition: "aws", Region: region, KeyARN: arn}}
		for _, c := range change {
			c(&it.env)
		}
		return it
	}
	for name, c := range map[string]struct {
		one, two *Item
		times    int
	}{
		"equal":            {item(a, letting("a", "b"), letting("c")), item(other, letting("b", "a"), letting("c")), 1},
		"another live":     {item(a, letting("a"), letting("c")), item(other, letting("b"), letting("c")), 2},
		"another wanted":   {item(a, letting("a"), letting("c")), item(other, letting("a"), letting("d")), 2},
		"another Region":   {item(a, letting("a"), letting("c")), item(other, letting("a"), letting("c"), func(e *access.Env) { e.Region = "eu-west-1" }), 2},
		"another key spec": {item(a, letting("a"), letting("c")), item(other, letting("a"), letting("c"), func(e *access.Env) { e.KeySpec = "RSA_2048" }), 2},
		"its own ARN": {
			item(a, letting("a"), strings.ReplaceAll(letting("c"), `"Resource":"*"`, `"Resource":"`+a+`"`)),
			item(other, letting("a"), strings.ReplaceAll(letting("c"), `"Resource":"*"`, `"Resource":"`+a+`"`)), 2,
		},
		"its own id": {item(a, letting("a"), letting("1234abcd-12ab-34cd-56ef-000000000001")), item(a, letting("a"), letting("1234abcd-12ab-34cd-56ef-000000000001")), 2},
	} {
		var m memo
		times := 0
		for _, it := range []*Item{c.one, c.two} {
			live, err := read([]byte(it.Live))
			check(t, err)
			wanted, err := read(it.Policy)
			check(t, err)
			m.difference(it, live, wanted, func() *access.Difference { times++; return &access.Difference{} })
		}
		if times != c.times {
			t.Errorf("%s: compared %d times, not %d", name, times, c.times)
		}
	}
}

func TestLargePoliciesAreReportedToTakeTheirTime(t *testing.T) {
	clock := &movingClock{now: time.Unix(0, 0)}
	b := newBench(t, func(o *Options) { o.Clock = clock })
	var reported []string
	p := &Planner{Cloud: b.cloud, Waits: func(text string) { reported = append(reported, text) }}
	var ran atomic.Int32
	for range 25 { // of two seconds each
		p.analyses.do(p, func() { ran.Add(1); clock.now = clock.now.Add(2 * time.Second) }, make([]byte, heavyBytes+1))
	}
	want := []string{"comparing large policies, one after the other: 5 so far, in 10 seconds", "comparing large policies, one after the other: 20 so far, in 40 seconds"}
	if strings.Join(reported, "\n") != strings.Join(want, "\n") || ran.Load() != 25 {
		t.Errorf("%d: %q", ran.Load(), reported)
	}
}
