package disk

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// A link may lead to what has no name, as /dev/stdout does where it is a pipe.
func TestAFileIsWrittenThroughALinkToAPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "out")
	if err := os.Symlink(fmt.Sprintf("/proc/self/fd/%d", w.Fd()), name); err != nil {
		t.Fatal(err)
	}
	got := make(chan string)
	go func() {
		text, _ := io.ReadAll(r)
		got <- string(text)
	}()
	if err := Replace(name, writing("text")); err != nil {
		t.Error(err)
	}
	_ = w.Close()
	if text := <-got; text != "text" {
		t.Errorf("%q", text)
	}
}
