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
func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, readError(name, err)
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a folder where a file is needed", name)
	}
	text, err := readAll(f)
	if err != nil {
		return nil, readError(name, err)
	}
	return text, nil
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
