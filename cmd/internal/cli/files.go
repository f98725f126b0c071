package cli

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/keypolicy/keypolicy"
)

// system is the machine's file system: all of it, as files may be named above the repository, and links may lead out of it.
// On Windows paths begin with a drive.
type system struct{}

// Open opens a file.
func (system) Open(name string) (fs.File, error) { return os.Open(native(name)) }

// Stat describes what a path leads to.
func (system) Stat(name string) (fs.FileInfo, error) { return os.Stat(native(name)) }

// ReadDir lists a folder, sorted.
func (system) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(native(name)) }

// Lstat describes what is at a path: a link itself.
func (system) Lstat(name string) (fs.FileInfo, error) { return os.Lstat(native(name)) }

// ReadLink is where a link leads.
func (system) ReadLink(name string) (string, error) {
	target, err := os.Readlink(native(name))
	return filepath.ToSlash(target), err
}

// native is a path of the system as the machine writes it.
func native(name string) string {
	if runtime.GOOS == "windows" {
		return filepath.FromSlash(name)
	}
	return "/" + name
}

// files are the machine's, from the working folder.
func files() (keypolicy.Files, error) {
	here, err := os.Getwd()
	return keypolicy.Files{FS: system{}, Dir: filepath.ToSlash(here)}, err
}

// slashed are paths as the linter takes them. It reads `..` as it is written: where that leads elsewhere, as in a working folder
// behind a symbolic link, the path is the one that the system goes.
func slashed(paths []string) []string {
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

// readFile reads a file of the working folder up to the limit; its error is a sentence with the file's name.
func readFile(name string) ([]byte, error) {
	all, err := files()
	if err != nil {
		return nil, err
	}
	return all.Read(filepath.ToSlash(name))
}

// readOutput reads what compile has written, however large. fs.ErrNotExist is kept.
func readOutput(name string) ([]byte, error) {
	all, err := files()
	if err != nil {
		return nil, err
	}
	return all.ReadLarge(filepath.ToSlash(name))
}

// readStdin reads the standard input up to the limit.
func (a *app) readStdin() ([]byte, error) {
	text, err := keypolicy.ReadText(a.stdio.In)
	if err != nil {
		return nil, keypolicy.ReadError(keypolicy.Stdin, err)
	}
	if text == nil {
		text = []byte{}
	}
	return text, nil
}
