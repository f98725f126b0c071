package boxes_test

import (
	"reflect"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// TestKeyDistinguishesSets: the bytes of sets in a row are the same for equal rows and differ for all others.
func TestKeyDistinguishesSets(t *testing.T) {
	var sets []boxes.Set
	for _, n := range []int{3, 64, 130} {
		sets = append(sets, nil, boxes.NewSet(n), boxes.FullSet(n))
		for _, i := range []int{0, 1, 2, n - 1} {
			one := boxes.NewSet(n)
			one.Add(i)
			sets = append(sets, one)
		}
	}
	rows := map[string][2]boxes.Set{}
	for _, a := range sets {
		for _, b := range sets {
			key := string(b.AppendKey(a.AppendKey(nil)))
			if row, ok := rows[key]; ok && !reflect.DeepEqual(row, [2]boxes.Set{a, b}) {
				t.Errorf("%v and %v have one key", row, [2]boxes.Set{a, b})
			}
			rows[key] = [2]boxes.Set{a, b}
		}
	}
}
