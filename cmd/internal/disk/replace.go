package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// Replace writes beside a file and renames, so that the old one is whole until the new one is, also on a full disk. An
// existing file keeps its mode, and a new one gets what the umask leaves. Through a link the file that it leads to is
// written; what is not a file, such as a pipe or a device, is written to as it is.
func Replace(name string, write func(io.Writer) error) error {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return writeThrough(name, write) // what /dev/stdout leads to has no name where it is a pipe
	}
	name, err := linkEnd(name)
	if err != nil {
		return err
	}
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	}
	return writeBeside(name, info, write)
}

// maxLinks is how many links may follow one another.
const maxLinks = 40

// linkEnd follows links, also to where there is no file yet.
func linkEnd(name string) (string, error) {
	for range maxLinks {
		to, err := os.Readlink(name)
		if err != nil { // it is not a link
			return name, nil //nolint:nilerr // so it is the end
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(name), to)
		}
		name = to
	}
	return "", errors.New("its links go round in a circle")
}

func writeThrough(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// writeBeside writes a file of its own and renames it; info is of the file that is there, nil for none.
func writeBeside(name string, info fs.FileInfo, write func(io.Writer) error) (err error) {
	f, err := createBeside(name)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	if err = write(f); err != nil {
		return err
	}
	if info != nil {
		if err = f.Chmod(info.Mode().Perm()); err != nil {
			return err
		}
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// createBeside makes a file in the same folder, with the mode that the umask leaves.
func createBeside(name string) (*os.File, error) {
	for {
		beside := filepath.Join(filepath.Dir(name), fmt.Sprintf(".%s.%d", filepath.Base(name), rand.Uint32()))
		f, err := os.OpenFile(beside, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}
