package push

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

func TestAFaultOfOursEndsOneKey(t *testing.T) {
	b := newBench(t)
	bad, good := b.server.Add(kmstest.Key{}), b.server.Add(kmstest.Key{})
	p := &Planner{Cloud: b.cloud, LintLive: func(_ context.Context, key spec.Key, _ string) (diag.List, error) {
		if key.ID == bad {
			panic("index out of range")
		}
		return nil, nil
	}}
	items := p.Plan(t.Context(), []Target{target(bad, letting("a")), target(good, letting("a"))})
	expectState(t, items[0], Failed, "keypolicy has a fault, which ended this key and no other: index out of range")
	expectState(t, items[1], Change, "")
}

func TestAFaultOfOursDuringAPut(t *testing.T) {
	for name, test := range map[string]struct {
		before string // the operation that it comes with
		state  State
	}{"before": {"GetKeyPolicy", Failed}, "after": {"PutKeyPolicy", Unverified}} {
		b := newBench(t)
		key := b.server.Add(kmstest.Key{})
		items := b.plan(target(key, letting("a")))
		applier := b.begin(items)
		j := applier.Journal
		check(t, j.intend(items[0]))
		p := &put{Applier: applier, item: items[0], client: faulty{b.cloud.KMS(kmstest.Account, region), test.before}, stop: t.Context()}
		p.runSafely(t.Context())
		expectState(t, items[0], test.state, "keypolicy has a fault")
		if (b.server.Policy(key) == letting("a")) != (test.state == Unverified) {
			t.Errorf("%s: %s", name, b.server.Policy(key))
		}
	}
}

// faulty is a client with a fault of ours.
type faulty struct {
	KMS
	operation string
}

func (f faulty) Policy(ctx context.Context, key string) (string, error) {
	if f.operation == "GetKeyPolicy" {
		panic("fault")
	}
	return f.KMS.Policy(ctx, key)
}

func (f faulty) PutPolicy(ctx context.Context, key, text string) error {
	if err := f.KMS.PutPolicy(ctx, key, text); err != nil {
		return err
	}
	panic("fault")
}

func TestHeavyAnalysesGoOnBesideNoOther(t *testing.T) {
	if isHeavy([]byte(letting("a", "b"))) || !isHeavy([]byte(strings.Repeat(`"a*"`, heavyPatterns+1))) || !isHeavy(nil, make([]byte, heavyBytes+1)) {
		t.Error("what is heavy is not seen")
	}
	var a analyses
	p := &Planner{Cloud: newBench(t).cloud}
	var running, heavy atomic.Int32
	var all sync.WaitGroup
	for i := range 200 {
		text := []byte("light")
		if i%5 == 0 {
			text = make([]byte, heavyBytes+1)
		}
		all.Go(func() {
			a.do(p, func() {
				n := running.Add(1)
				if isHeavy(text) {
					heavy.Add(1)
				}
				if heavy.Load() > 0 && n > 1 {
					t.Error("a heavy one goes on beside another")
				}
				if isHeavy(text) {
					heavy.Add(-1)
				}
				running.Add(-1)
			}, text)
		})
	}
	all.Wait()
}

func TestWhatIsWrongWithTheLivePolicyIsReportedAndBlocksNothing(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	var linted []string
	p := &Planner{Cloud: b.cloud, LintLive: func(_ context.Context, key spec.Key, _ string) (diag.List, error) {
		linted = append(linted, key.ID+" "+key.Account+" "+key.Region)
		return diag.List{
			{Rule: "public-access", Severity: diag.Error, Message: "everyone is let in"}, {Rule: "style", Severity: diag.Warning, Message: "a label is missing"},
		}, nil
	}}
	it := p.Plan(t.Context(), []Target{target(key, letting("a"))})[0]
	expectState(t, it, Change, "")
	if len(it.Findings) != 1 || it.Findings[0].Message != "in the live policy, everyone is let in" || it.Findings[0].Severity != diag.Warning || it.Findings[0].Reason != "public-access" {
		t.Errorf("%+v", it.Findings)
	}
	if want := fmt.Sprintf("%s %s %s", key, kmstest.Account, region); len(linted) != 1 || linted[0] != want {
		t.Errorf("%v, not %s", linted, want)
	}
	b.server.SetPolicy(key, letting("a")) // what the spec's own lint has judged
	if it = p.Plan(t.Context(), []Target{target(key, letting("a"))})[0]; it.State != Unchanged || len(linted) != 1 {
		t.Errorf("%s %v", it.State, linted)
	}
	p.LintLive = func(context.Context, spec.Key, string) (diag.List, error) { return nil, errors.New("no rules") }
	expectState(t, p.Plan(t.Context(), []Target{target(key, letting("b"))})[0], Failed, "no rules")
}
