package main_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFilesAreSmall holds how long Go files are: nine in ten under 220 lines, none over 400. A file that outgrows this has two nouns, or
// a table that belongs in data.
func TestFilesAreSmall(t *testing.T) {
	all, long := 0, 0
	var longest []string
	err := filepath.WalkDir(root(t), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		all++
		lines := bytes.Count(text, []byte("\n"))
		if lines >= 220 {
			long++
			longest = append(longest, filepath.Base(path))
		}
		if lines > 400 {
			t.Errorf("%s has %d lines", path, lines)
		}
		return nil
	})
	if err != nil || all < 500 {
		t.Fatalf("%d files: %v", all, err)
	}
	if long*10 > all {
		t.Errorf("%d of %d files have 220 lines or more: %s", long, all, strings.Join(longest, ", "))
	}
}

// TestAccessIsCommented holds how much of compiler/access is comments: it decides what is allowed, and a reader needs to know why.
func TestAccessIsCommented(t *testing.T) {
	const least = 11 // per cent, so that a change has some room below the twelve that it is
	comments, all := 0, 0
	err := filepath.WalkDir(filepath.Join(root(t), "compiler", "access"), func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSpace(line)
			if line != "" {
				all++
			}
			if strings.HasPrefix(line, "//") {
				comments++
			}
		}
		return nil
	})
	if err != nil || all < 5000 {
		t.Fatalf("%d lines: %v", all, err)
	}
	if comments*100 < least*all {
		t.Errorf("%d of %d lines are comments", comments, all)
	}
}
