package push

import (
	"errors"
	"testing"
	"time"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

// atHour is a clock for runs that follow one another.
type atHour struct {
	quickClock
	hour int
}

func (c atHour) Now() time.Time { return c.quickClock.Now().Add(time.Duration(c.hour) * time.Hour) }

func TestResumePutsNothingOverALaterRun(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	before := b.server.Policy(key)
	items := b.plan(target(key, letting("a")))
	first := b.begin(items).Journal
	check(t, first.intend(items[0]))
	items[0].end(Unverified, "it was applied and is not seen yet")
	check(t, first.record(items[0]))
	check(t, first.end())

	// A later run puts another policy, and is rolled back.
	items = b.plan(target(key, letting("b")))
	b.newRun(atHour{hour: 1})
	j, err := b.dir.Begin(items, Flags{}, nil, b.cloud)
	check(t, err)
	check(t, (&Applier{Cloud: b.cloud, Journal: j}).Apply(t.Context(), items))
	expectState(t, items[0], Updated, "")
	expectState(t, b.rollback(j.Path())[0], Updated, "")

	expectState(t, b.resume()[0], Refused, "a later run has applied a policy to the key")
	if b.server.Policy(key) != before {
		t.Error("what was rolled back was put again")
	}
	if _, err := (&Planner{Cloud: b.cloud}).Resume(t.Context(), b.dir); !errors.Is(err, ErrNothingToResume) {
		t.Error(err)
	}
}

// A run that was killed during a put does not give the key up, whatever speaks against the put now.
func TestAPutThatMayStillArriveLeavesTheKeyUnverified(t *testing.T) {
	for name, blocks := range map[string]func(b *bench, it *Item){
		"another writer": func(b *bench, it *Item) { b.server.SetPolicy(it.ARN, letting("theirs")) },
		"another caller": func(b *bench, _ *Item) {
			b.server.Callers[kmstest.AccessKey] = "arn:aws:iam::999999999999:user/other"
			b.reopen()
		},
		"no permission":        func(b *bench, _ *Item) { b.server.Denied = []string{"kms:DescribeKey"} },
		"the spec has changed": func(b *bench, it *Item) { b.specs = map[string]string{it.File: "changed"} },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			key := b.server.Add(kmstest.Key{})
			items := b.plan(target(key, letting("a")))
			b.broken(items, func(j *Journal) { check(t, j.intend(items[0])) })
			blocks(b, items[0])
			for range 2 {
				expectState(t, b.resume()[0], Unverified, "")
			}
			if b.server.Count("PutKeyPolicy") > 0 {
				t.Error("it was applied")
			}
		})
	}
}

// later applies in a run that is some hours after the others.
func (b *bench) later(hours int, targets ...Target) []*Item {
	b.t.Helper()
	items := b.plan(targets...)
	b.newRun(atHour{hour: hours})
	j, err := b.dir.Begin(items, Flags{}, nil, b.cloud)
	check(b.t, err)
	check(b.t, (&Applier{Cloud: b.cloud, Journal: j}).Apply(b.t.Context(), items))
	return items
}

// What KMS took and no run has seen is not given up, whatever speaks against another put, and rollback covers it.
func TestAPolicyThatWasTakenIsNotGivenUp(t *testing.T) {
	for name, blocks := range map[string]func(b *bench, it *Item){
		"the spec has changed": func(b *bench, it *Item) { b.specs = map[string]string{it.File: "changed"} },
		"the spec is gone":     func(b *bench, _ *Item) { b.specs = map[string]string{} },
		"another caller": func(b *bench, _ *Item) {
			b.server.Callers[kmstest.AccessKey] = "arn:aws:iam::999999999999:user/other"
			b.reopen()
		},
		"no permission to read": func(b *bench, _ *Item) { b.server.Denied = []string{"kms:GetKeyPolicy"} },
		"no permission to put":  func(b *bench, _ *Item) { b.server.Denied = []string{"kms:PutKeyPolicy"} },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			key := b.server.Add(kmstest.Key{})
			before := b.server.Policy(key)
			items := b.plan(target(key, letting("a")))
			applier, caller := b.begin(items), b.server.Callers[kmstest.AccessKey]
			stale := false
			b.proxy.Fault = func(r kmstest.Request) kmstest.Fault {
				if r.Operation == "GetKeyPolicy" && stale {
					return kmstest.Stale
				}
				stale = stale || r.Operation == "PutKeyPolicy"
				return kmstest.None
			}
			check(t, applier.Apply(t.Context(), items))
			expectState(t, items[0], Unverified, "KMS took the policy")
			blocks(b, items[0])
			b.cloud.options.Clock = atHour{hour: 1}
			for range 2 {
				expectState(t, b.resume()[0], Unverified, "KMS took the policy")
			}
			b.proxy.Fault, b.server.Denied = nil, nil
			b.server.Callers[kmstest.AccessKey] = caller
			b.reopen()
			expectState(t, b.rollback(applier.Journal.Path())[0], Updated, "")
			if b.server.Policy(key) != before {
				t.Error("it was not put back")
			}
		})
	}
}
