package uses

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// TestWitnessesNeedNoSearch: what is answered without a search is what the search finds.
func TestWitnessesNeedNoSearch(t *testing.T) {
	random := rand.New(rand.NewPCG(16, 9))
	text := func(alphabet string, most int) string {
		var b strings.Builder
		for range random.IntN(most + 1) {
			b.WriteByte(alphabet[random.IntN(len(alphabet))])
		}
		return b.String()
	}
	examples := supposed{"a": "xy", "b": "z"}
	found, none := 0, 0
	for range 20_000 {
		var form []part
		for range 1 + random.IntN(3) {
			p := part{text: text("xyz", 2)}
			if p.text == "" || random.IntN(2) == 0 {
				p = part{name: string("ab"[random.IntN(2)])}
			}
			form = append(form, p)
		}
		pattern := text("xyz*?", 5)
		got, want := newMeeting(form, examples).witnesses(pattern), searchWitnesses(form, pattern, examples)
		if len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v and %q: %v, by the search %v", form, pattern, got, want)
		}
		if len(want) > 0 {
			found++
		} else {
			none++
		}
	}
	if found < 1000 || none < 1000 {
		t.Errorf("%d have witnesses, %d have none", found, none)
	}
}
