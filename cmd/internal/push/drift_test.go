package push

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

func TestDriftIsRefused(t *testing.T) {
	for name, between := range map[string]string{
		"another policy": letting("theirs"),
		"only a label":   strings.Replace(kmstest.DefaultPolicy(kmstest.Account), "Enable IAM User Permissions", "theirs", 1),
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			key := b.server.Add(kmstest.Key{})
			items := b.plan(target(key, letting("a")))
			b.server.SetPolicy(key, between)
			if err := b.begin(items).Apply(t.Context(), items); err != nil {
				t.Fatal(err)
			}
			expectState(t, items[0], Refused, "drift")
			if b.server.Policy(key) != between || b.server.Count("PutKeyPolicy") > 0 {
				t.Error("another writer's policy was overwritten")
			}
		})
	}
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	items := b.plan(target(key, letting("a", "b")))
	b.server.SetPolicy(key, letting("b", "a"))
	if err := b.begin(items).Apply(t.Context(), items); err != nil {
		t.Fatal(err)
	}
	expectState(t, items[0], Unchanged, "another writer has written the same policy")
}

func TestAWriterBetweenTwoTriesIsNotPutOver(t *testing.T) {
	for name, fault := range map[string]kmstest.Fault{"throttled": kmstest.Throttled, "reset": kmstest.ResetBefore, "broken": kmstest.Broken, "no answer": kmstest.SlowBefore} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, func(o *Options) { o.Timeout = time.Second })
			key := b.server.Add(kmstest.Key{})
			b.proxy.Fault = func(r kmstest.Request) kmstest.Fault {
				if r.Operation == "PutKeyPolicy" {
					b.server.SetPolicy(key, letting("theirs"))
					return fault
				}
				return kmstest.None
			}
			it := b.apply(target(key, letting("a")))[0]
			if name == "throttled" {
				expectState(t, it, Refused, "drift")
			} else { // the put may still arrive
				expectState(t, it, Unverified, "drift: another writer has written a policy")
			}
			if late := strings.Contains(it.Reason, "may still reach KMS"); late != (name != "throttled") {
				t.Errorf("what of a put that may arrive late: %s", it.Reason)
			}
			if b.server.Policy(key) != letting("theirs") || b.server.Count("PutKeyPolicy") > 0 {
				t.Error("another writer's policy was overwritten")
			}
		})
	}
}

func TestAWriterAfterThePutIsFoundOnReadBack(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	before := b.server.Policy(key)
	b.proxy.After = func(r kmstest.Request) {
		if r.Operation == "PutKeyPolicy" {
			b.server.SetPolicy(key, letting("theirs"))
		}
	}
	items := b.plan(target(key, letting("a")))
	applier := b.begin(items)
	if err := applier.Apply(t.Context(), items); err != nil {
		t.Fatal(err)
	}
	expectState(t, items[0], Refused, "another writer overwrote the policy of this run")
	if b.server.Policy(key) != letting("theirs") || b.server.Count("PutKeyPolicy") != 1 {
		t.Error("the other writer's policy was overwritten")
	}
	backup := applier.Journal.backup(items[0])
	if text, err := os.ReadFile(backup); err != nil || string(text) != before || !strings.Contains(items[0].Reason, backup) {
		t.Errorf("%v: the backup %s has %s, and the reason is %s", err, backup, text, items[0].Reason)
	}
}
