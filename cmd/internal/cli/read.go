package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/keypolicy/keypolicy/compiler/source"
)

// readLimit is one byte more than the compiler takes: it then says that the file is too large, and no more is held.
var readLimit = int64(source.DefaultLimits.Bytes) + 1

// readFile reads a file up to the limit; its error is a sentence with the file's name.
func readFile(name string) ([]byte, error) { return readWith(name, readAll) }

// readOutput reads what compile has written, however large. fs.ErrNotExist is kept.
func readOutput(name string) ([]byte, error) { return readWith(name, io.ReadAll) }

// readWith reads a file. Only a regular one is opened: to open a pipe that nobody writes to, or to read a
// terminal, would wait for ever.
func readWith(name string, read func(io.Reader) ([]byte, error)) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, readError(name, err)
	}
	if what := irregular(info.Mode()); what != "" {
		return nil, fmt.Errorf("%s is %s where a file is needed", name, what)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, readError(name, err)
	}
	defer func() { _ = f.Close() }()
	text, err := read(f)
	if err != nil {
		return nil, readError(name, err)
	}
	return text, nil
}

// irregular says what a name stands for that is no regular file; "" where it is one.
func irregular(mode fs.FileMode) string {
	switch {
	case mode.IsRegular():
		return ""
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe (`-` reads one as stdin)"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	default:
		return "no regular file"
	}
}

func readAll(r io.Reader) ([]byte, error) { return io.ReadAll(io.LimitReader(r, readLimit)) }

func readError(name string, err error) error {
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: there is no such file or folder", name)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s: it may not be read: permission denied", name)
	case errors.As(err, &path):
		return fmt.Errorf("%s: it cannot be read: %w", name, path.Err)
	default:
		return fmt.Errorf("%s: it cannot be read: %w", name, err)
	}
}
