package access

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// TestChangedRequestsAreThoseOfBothDecisions: what two policies decide differently is the same, however it is looked for: all
// requests that the one decides so less all that the other does not.
func TestChangedRequestsAreThoseOfBothDecisions(t *testing.T) {
	g := generator{rand.New(rand.NewPCG(5, 6))}
	decisions := []Decision{ExplicitDeny, ImplicitDeny, NeedsIdentityPolicy, Allowed}
	for range 40 {
		text := [2]string{g.policy(4), g.policy(4)}
		env := testEnv()
		newer, older := newModel(read(t, text[0]), env, testAccount), newModel(read(t, text[1]), env, testAccount)
		s := newSpace(env, unmetered(), newer, older)
		d := &differ{s: s, new: s.policies[0], old: s.policies[1], within: []boxes.Box{s.all()}}
		for _, v := range []approximation{repMust, classMay} {
			for _, now := range decisions {
				for _, was := range decisions {
					if now == was {
						continue
					}
					list, _ := d.changed(now, was, v)
					plain := both(s.plainly(d.decided(d.new, now, v)), s.plainly(d.decided(d.old, was, v)))
					if len(s.take(list, plain))+len(s.take(plain, list)) > 0 {
						t.Fatalf("%s was %s: %d boxes differ from %d\n%s\n%s", now, was, len(list), len(plain), text[0], text[1])
					}
					for i := range list {
						if slices.ContainsFunc(list[:i], func(b boxes.Box) bool { return !b.Disjoint(list[i]) }) {
							t.Fatalf("%s was %s: boxes share requests\n%s\n%s", now, was, text[0], text[1])
						}
					}
				}
			}
		}
	}
}

// plainly are the boxes of a decision.
func (s *space) plainly(of decided) []boxes.Box {
	if of.all {
		of.some = []boxes.Box{s.all()}
	}
	return s.take(of.some, of.none)
}

func both(a, b []boxes.Box) []boxes.Box {
	var list []boxes.Box
	for _, x := range a {
		list = append(list, boxes.MeetAll(b, x)...)
	}
	return list
}
