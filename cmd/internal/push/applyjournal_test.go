package push

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

func TestWithoutAJournalNothingIsPut(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	items := b.plan(target(key, letting("a")))
	applier := b.begin(items)
	_ = applier.Journal.file.Close()
	_ = applier.Apply(t.Context(), items)
	expectState(t, items[0], Failed, "the journal cannot be written")
	if b.server.Count("PutKeyPolicy") > 0 {
		t.Error("it was applied all the same")
	}
}

func TestJournalAndBackupsAreTheOwnersAlone(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	b.apply(target(key, letting("a")))
	n := 0
	err := filepath.Walk(b.path, func(path string, info os.FileInfo, err error) error {
		want := os.FileMode(0o600)
		if info.IsDir() {
			want = 0o700
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s: %v", path, info.Mode())
		}
		if text, _ := os.ReadFile(path); strings.Contains(string(text), kmstest.Secret) || strings.Contains(string(text), kmstest.AccessKey) {
			t.Errorf("%s has a credential", path)
		}
		n++
		return err
	})
	if err != nil || n < 6 {
		t.Errorf("%v: %d files and folders", err, n)
	}
}

func TestTheJournalStandsBeforeThePut(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	items := b.plan(target(key, letting("a")))
	applier := b.begin(items)
	asked := false
	b.proxy.Before = func(r kmstest.Request) {
		if r.Operation != "PutKeyPolicy" {
			return
		}
		asked = true
		h, err := readHistory(applier.Journal.Path())
		if err != nil || h.put[0].Key != key || h.ended {
			t.Errorf("%v: the journal says %+v", err, h)
		}
		if text, err := os.ReadFile(filepath.Join(applier.Journal.Folder, h.put[0].Backup)); err != nil || string(text) != kmstest.DefaultPolicy(kmstest.Account) {
			t.Errorf("%v: the backup has %s", err, text)
		}
		if last := b.proxy.Passed(); last[len(last)-1].Operation != "GetKeyPolicy" {
			t.Errorf("before the put comes %v, not a read", last[len(last)-1])
		}
	}
	if err := applier.Apply(t.Context(), items); err != nil {
		t.Fatal(err)
	}
	expectState(t, items[0], Updated, "")
	if !asked {
		t.Error("no put was made")
	}
}
