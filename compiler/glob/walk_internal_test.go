package glob

import "testing"

func TestClearBits(t *testing.T) {
	for from := range 130 {
		for to := from; to <= 192; to++ {
			row := []uint64{^uint64(0), ^uint64(0), ^uint64(0)}
			clearBits(row, from, to)
			for bit := range 192 {
				if got, want := hasBit(row, bit), bit < from || bit >= to; got != want {
					t.Fatalf("from %d to %d: bit %d is %v", from, to, bit, got)
				}
			}
		}
	}
}
