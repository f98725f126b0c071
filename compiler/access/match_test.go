package access

import "testing"

// A statement matches as all of its elements together do, also where match does not look at the rest of them.
func TestAStatementMatchesAsAllItsElementsDo(t *testing.T) {
	seen := map[tri]int{}
	for seed := range rounds(t, 40) {
		s := newSmall(uint64(seed) + 3_000_000)
		text := s.policy(4)
		m := newModel(read(t, text), testEnv(), testAccount)
		for _, r := range s.requests(m, lookedAt(m)) {
			for i := range m.statements {
				st := &m.statements[i]
				for at := delegated; at <= direct; at++ {
					want := min(m.principalAt(st, &r.caller, at), st.actionMatch(r.action), st.resource, st.conditionsMatch(r))
					if st.unreadable[""] {
						want = min(want, maybe)
					}
					got := m.match(st, r, at)
					if seen[got]++; got != want {
						t.Fatalf("seed %d: statement %d, level %d: %v, not %v\n%s\nrequest %+v", seed, i, at, got, want, text, *r)
					}
				}
			}
		}
	}
	if len(seen) != 3 {
		t.Errorf("not every outcome occurs: %v", seen)
	}
}
