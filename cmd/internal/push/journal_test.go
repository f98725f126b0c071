package push

import (
	"errors"
	"os"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

// fullDisk has room for half of the line that it is to lose.
type fullDisk struct {
	*os.File
	lose  int // lines from now; 0 loses this one
	stuck bool
}

func (d *fullDisk) Write(line []byte) (int, error) {
	if d.lose--; d.lose != -1 {
		return d.File.Write(line)
	}
	n, _ := d.File.Write(line[:len(line)/2])
	return n, errors.New("no space left on device")
}

func (d *fullDisk) Truncate(size int64) error {
	if d.stuck {
		return errors.New("input/output error")
	}
	return d.File.Truncate(size)
}

func TestHalfALineSpoilsNoJournal(t *testing.T) {
	for name, stuck := range map[string]bool{"taken out": false, "not to be taken out": true} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			first, second := b.server.Add(kmstest.Key{}), b.server.Add(kmstest.Key{})
			items := b.plan(target(first, letting("a")), target(second, letting("b")))
			j := b.begin(items).Journal
			j.file = &fullDisk{File: j.file.(*os.File), stuck: stuck}
			if err := j.intend(items[0]); err == nil {
				t.Fatal("half a line was taken for one")
			}
			if err := j.intend(items[1]); (err != nil) != stuck {
				t.Fatal(err)
			}
			check(t, j.file.Close())
			h, err := readHistory(j.Path())
			check(t, err)
			if _, ok := h.put[1]; ok == stuck || len(h.put) > 1 {
				t.Errorf("%+v", h.put)
			}
			for _, it := range b.resume() {
				expectState(t, it, Updated, "")
			}
		})
	}
}
