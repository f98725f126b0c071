package push

import (
	"errors"
	"maps"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

func TestASpecThatHasChangedSinceTheRunIsRefused(t *testing.T) {
	for name, specs := range map[string]map[string]string{"has changed since the run was begun": {"keys/changed.yaml": "other"}, "cannot be read any more": {}} {
		b := newBench(t)
		one, other := target(b.server.Add(kmstest.Key{}), letting("a")), target(b.server.Add(kmstest.Key{}), letting("b"))
		one.File = "keys/changed.yaml"
		b.broken(b.plan(one, other), func(*Journal) {})
		b.specs = map[string]string{other.File: other.Digest}
		maps.Copy(b.specs, specs)
		again := b.resume()
		expectState(t, again[0], Refused, "keys/changed.yaml "+name)
		expectState(t, again[1], Updated, "")
	}
}

func (b *bench) nothingToResume() {
	b.t.Helper()
	if _, err := (&Planner{Cloud: b.cloud}).Resume(b.t.Context(), b.dir); !errors.Is(err, ErrNothingToResume) {
		b.t.Error(err)
	}
}

func TestResumeReportsKeysThatAreNotWhereTheyShouldBe(t *testing.T) {
	b := newBench(t)
	key, bad := b.server.Add(kmstest.Key{}), b.server.Add(kmstest.Key{})
	items := b.plan(target(key, letting("a")), target(bad, document(statement("use", `"kms:Decrypt"`, role("a")))))
	b.server.SetPolicy(key, letting("theirs"))
	check(t, b.begin(items).Apply(t.Context(), items))
	for range 2 {
		run, err := (&Planner{Cloud: b.cloud}).Resume(t.Context(), b.dir)
		check(t, err)
		if run.Journal != nil {
			t.Fatal("there is something to do")
		}
		expectState(t, run.Items[0], Refused, "drift")
		expectState(t, run.Items[1], Blocked, "no principal could change")
	}
	expectState(t, b.later(1, target(key, letting("a")))[0], Updated, "")
	b.nothingToResume()
}

func TestAKeyThatFailedAndThatALaterRunHasDoneIsLeft(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	b.server.Denied = []string{"kms:PutKeyPolicy"}
	expectState(t, b.apply(target(key, letting("a")))[0], Failed, "")
	b.server.Denied = nil
	expectState(t, b.later(1, target(key, letting("b")))[0], Updated, "")
	b.nothingToResume()
	if b.server.Policy(key) != letting("b") {
		t.Error(b.server.Policy(key))
	}
}

// An alias that leads to another key by now makes the spec one for that key, and its policy is not put on the one of then.
func TestAnAliasThatHasMovedSinceTheRunIsRefused(t *testing.T) {
	for name, test := range map[string]struct {
		move  func(b *bench, from string)
		spell string
		state State
		why   string
	}{
		"moved": {func(b *bench, from string) {
			b.server.Add(kmstest.Key{Aliases: []string{"alias/app"}})
			b.server.TakeAliases(from)
		}, "alias/app", Refused, "`alias/app` of keys/app.yaml leads to another key than when the run was begun, arn:aws:kms:eu-central-1:123456789012:key/"},
		"moved, by its ARN": {func(b *bench, from string) {
			b.server.Add(kmstest.Key{Aliases: []string{"alias/app"}})
			b.server.TakeAliases(from)
		}, "arn:aws:kms:eu-central-1:" + kmstest.Account + ":alias/app", Refused, "leads to another key"},
		"gone":  {func(b *bench, from string) { b.server.TakeAliases(from) }, "alias/app", Failed, "whether `alias/app` still leads to this key is not known: there is no alias"},
		"there": {func(*bench, string) {}, "alias/app", Updated, ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			key := b.server.Add(kmstest.Key{Aliases: []string{"alias/app"}})
			w := target(test.spell, letting("a"))
			w.File = "keys/app.yaml"
			b.broken(b.plan(w), func(*Journal) {})
			b.specs = map[string]string{w.File: w.Digest}
			test.move(b, key)
			expectState(t, b.resume()[0], test.state, test.why)
			if puts := b.server.Count("PutKeyPolicy"); puts != 0 != (test.state == Updated) {
				t.Errorf("%d puts", puts)
			}
		})
	}
}
