// Package disk has what the commands do with the machine's files: it gives the linter those that a run may read, replaces a file as a
// whole or not at all, compares names that may lead to the same file, and says whose a file is.
package disk

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/keypolicy/keypolicy"
)

// Native is a path of the system as the machine writes it.
func Native(name string) string {
	if runtime.GOOS == "windows" {
		return filepath.FromSlash(name)
	}
	return "/" + name
}

// Files are those of the roots, from the working folder.
func (r *Roots) Files() (keypolicy.Files, error) {
	here, err := os.Getwd()
	return keypolicy.Files{FS: r, Dir: filepath.ToSlash(here)}, err
}

// named are files of which only one name counts.
func named(name string) (keypolicy.Files, error) {
	r := &Roots{}
	r.Name(name)
	return r.Files()
}

// Slashed are paths as the linter takes them. It reads `..` as it is written: where that leads elsewhere, as in a working folder
// behind a symbolic link, the path is the one that the system goes.
func Slashed(paths []string) []string {
	list := make([]string, len(paths))
	for i, p := range paths {
		list[i] = filepath.ToSlash(p)
		if strings.Contains(p, "..") {
			list[i] = filepath.ToSlash(physical(p))
		}
	}
	return list
}

func physical(p string) string {
	written, err := filepath.Abs(p)
	if err != nil {
		return p
	}
	meant, err := os.Stat(p)
	if err != nil {
		return p
	}
	if read, err := os.Stat(written); err == nil && os.SameFile(meant, read) {
		return p
	}
	if end, err := filepath.EvalSymlinks(p); err == nil {
		if absolute, err := filepath.Abs(end); err == nil {
			return absolute
		}
	}
	return p
}

// Read reads a file of the working folder up to the limit; its error is a sentence with the file's name.
func Read(name string) ([]byte, error) {
	all, err := named(name)
	if err != nil {
		return nil, err
	}
	return all.Read(filepath.ToSlash(name))
}

// ReadLarge reads a file of the working folder, however large. fs.ErrNotExist is kept.
func ReadLarge(name string) ([]byte, error) {
	all, err := named(name)
	if err != nil {
		return nil, err
	}
	return all.ReadLarge(filepath.ToSlash(name))
}

// FromWorkingFolder writes a path from the working folder, as the files of a revision are named.
func FromWorkingFolder(p string) string {
	here, err := os.Getwd()
	if err != nil {
		return p
	}
	return keypolicy.Files{Dir: filepath.ToSlash(here)}.Clean(filepath.ToSlash(p))
}
