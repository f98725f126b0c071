package access

import (
	"reflect"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// TestActionsOfTheSameBoxesAreAlike: what is found once for callers and actions of one class is what it would be for each of them.
func TestActionsOfTheSameBoxesAreAlike(t *testing.T) {
	shared := 0
	for seed := range rounds(t, 60) {
		s := newSmall(uint64(seed) + 17_000_000)
		text := s.policy(4)
		sys := newSpace(testEnv(), unmetered(), newModel(read(t, text), testEnv(), testAccount))
		r := sys.policies[0]
		for _, class := range sys.callerClasses(r, sys.callersWhere(func(*caller) bool { return true })) {
			at := class[0]
			reach, in := sys.reachOf(r, at, nil), sys.regionsOf(r, at, nil)
			seen := map[*access]bool{}
			for i, a := range sys.actions {
				found, direct := sys.sentBy(at, i), sys.findSent(at, i)
				if !reflect.DeepEqual(found.can, direct.can) || !reflect.DeepEqual(found.ties, direct.ties) {
					t.Fatalf("seed %d: %s\n%s %s: %v and %v can be sent, not %v and %v", seed, text, sys.callers[at].arn(), a.name, found.can, found.ties, direct.can, direct.ties)
				}
				if a.future {
					continue
				}
				for _, d := range []Decision{Allowed, NeedsIdentityPolicy} {
					got, want := reach.of(d, i), in.accessTo(sys, i, in.list(d))
					if got != nil && seen[got] {
						shared++
					}
					seen[got] = true
					if !reflect.DeepEqual(got, want) {
						t.Fatalf("seed %d: %s\n%s %s %s: %v, not %v", seed, text, sys.callers[at].arn(), d, a.name, got, want)
					}
				}
			}
		}
	}
	if shared < 1000 {
		t.Errorf("only %d accesses were shared", shared)
	}
}

func (in regions) list(d Decision) []boxes.Box {
	if d == Allowed {
		return in.allowed
	}
	return in.needs
}
