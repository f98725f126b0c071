package keypolicy

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/keypolicy/keypolicy/compiler"
)

// Files are the files of a file system, by the names that people give them and that findings show: slash-separated, and
// relative to Dir unless they begin with a slash or a drive. Names may lead above Dir (`../keys`), never above FS.
type Files struct {
	FS  fs.FS
	Dir string // the working folder, a path of FS; "" is its root
}

// Read reads a file up to the compiler's limit; its error is a sentence with the file's name.
func (f Files) Read(name string) ([]byte, error) { return f.read(name, ReadText) }

// ReadLarge is Read without a limit.
func (f Files) ReadLarge(name string) ([]byte, error) { return f.read(name, io.ReadAll) }

// read reads a file. Only a regular one is opened: to open a pipe that nobody writes to, or to read a
// terminal, would wait for ever.
func (f Files) read(name string, read func(io.Reader) ([]byte, error)) ([]byte, error) {
	info, err := f.stat(name)
	if err != nil {
		return nil, ReadError(name, err)
	}
	if what := irregular(info.Mode()); what != "" {
		return nil, fmt.Errorf("%s is %s where a file is needed", name, what)
	}
	file, err := f.FS.Open(f.path(name))
	if err != nil {
		return nil, ReadError(name, err)
	}
	defer func() { _ = file.Close() }()
	text, err := read(file)
	if err != nil {
		return nil, ReadError(name, err)
	}
	return text, nil
}

func (f Files) stat(name string) (fs.FileInfo, error) { return fs.Stat(f.FS, f.path(name)) }

// dir is the working folder as a path of FS.
func (f Files) dir() string { return f.path(".") }

// path is the path of FS that a name represents.
func (f Files) path(name string) string {
	switch {
	case strings.HasPrefix(name, "/"):
		name = path.Clean(name)
	case hasDrive(name):
		return path.Clean(name)
	default:
		name = path.Join("/", f.Dir, name)
	}
	if name == "/" {
		return "."
	}
	return name[1:]
}

// name is the name of a path of FS, from the working folder.
func (f Files) name(p string) string { return relative(f.dir(), p) }

// relative is a path seen from a folder. Both are paths of one file system; what is on another drive keeps its own.
func relative(folder, p string) string {
	from, to := segments(folder), segments(p)
	if len(to) > 0 && hasDrive(to[0]+"/") && (len(from) == 0 || from[0] != to[0]) {
		return p
	}
	for len(to) > 0 && len(from) > 0 && to[0] == from[0] {
		to, from = to[1:], from[1:]
	}
	return path.Join(".", strings.Repeat("../", len(from)), path.Join(to...))
}

// Clean is a name from the working folder, however it was written.
func (f Files) Clean(name string) string { return f.name(f.path(name)) }

// Has reports whether there is a file or a folder of the name.
func (f Files) Has(name string) bool {
	_, err := f.stat(name)
	return err == nil
}

func segments(p string) []string {
	if p == "." {
		return nil
	}
	return strings.Split(p, "/")
}

// hasDrive reports whether a name begins with a drive, as on Windows.
func hasDrive(name string) bool {
	return len(name) > 2 && name[1] == ':' && name[2] == '/' && (name[0]|0x20) >= 'a' && (name[0]|0x20) <= 'z'
}

// irregular says what a name represents that is not a regular file; "" where it is one.
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

// ReadText reads one byte more than the compiler takes of a file: it then says that the file is too large, and no more is held.
func ReadText(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, int64(compiler.MaxBytes(nil))+1))
	more := compiler.MaxBytes(text) - len(text)
	if err != nil || len(text) <= compiler.MaxBytes(nil) || more < 0 {
		return text, err
	}
	rest, err := io.ReadAll(io.LimitReader(r, int64(more)+1))
	return append(text, rest...), err
}

// ReadError is a file system's error as a sentence that names the file.
func ReadError(name string, err error) error {
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
