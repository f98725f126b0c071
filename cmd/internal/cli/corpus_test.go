package cli

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCorpus lints every file of a folder of real and of malformed policies, each named: no crash, and each file is answered for.
func TestCorpus(t *testing.T) {
	corpus := os.Getenv("KEYPOLICY_CORPUS")
	if corpus == "" {
		t.Skip("KEYPOLICY_CORPUS names no folder")
	}
	for _, folder := range []string{"policies", "malformed"} {
		t.Run(folder, func(t *testing.T) {
			args := []string{"lint", "--format", "json", "--min-severity", "info"}
			err := filepath.WalkDir(filepath.Join(corpus, folder), func(path string, entry fs.DirEntry, err error) error {
				if err == nil && !entry.IsDir() {
					args = append(args, path)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			var out, stderr bytes.Buffer
			code := Main(t.Context(), args, Stdio{In: strings.NewReader(""), Out: &out, Err: &stderr})
			if code == exitFailed || stderr.Len() > 0 {
				t.Errorf("exit code %d: %s", code, stderr.String())
			}
			if folder == "malformed" && code != exitObject {
				t.Errorf("exit code %d for malformed files", code)
			}
			t.Logf("%d files, %d bytes of report", len(args)-5, out.Len())
		})
	}
}
