package gitfs

import (
	"bytes"
	"io"
	"io/fs"
	"time"
)

// node is a file or, without an object, a folder. It describes itself.
type node struct {
	name     string
	object   string
	children []*node
}

// Name is the last element of the path.
func (n *node) Name() string { return n.name }

// Size is 0: git is not asked for it, as in a partial clone it may not know.
func (n *node) Size() int64 { return 0 }

// Mode reports whether it is a folder.
func (n *node) Mode() fs.FileMode {
	if n.IsDir() {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

// ModTime is the zero time: git has none.
func (n *node) ModTime() time.Time { return time.Time{} }

// IsDir reports whether it is a folder.
func (n *node) IsDir() bool { return n.object == "" }

// Sys is nil.
func (n *node) Sys() any { return nil }

func (n *node) entries() []fs.DirEntry {
	list := make([]fs.DirEntry, len(n.children))
	for i, child := range n.children {
		list[i] = fs.FileInfoToDirEntry(child)
	}
	return list
}

// file is an open file.
type file struct {
	*bytes.Reader
	node *node
}

// Stat describes the file.
func (f *file) Stat() (fs.FileInfo, error) { return f.node, nil }

// Close does nothing.
func (f *file) Close() error { return nil }

// folder is an open folder.
type folder struct {
	*node
	listed int
}

// Stat describes the folder.
func (f *folder) Stat() (fs.FileInfo, error) { return f.node, nil }

// Read fails: a folder has no text.
func (f *folder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.name, Err: fs.ErrInvalid}
}

// Close does nothing.
func (f *folder) Close() error { return nil }

// ReadDir lists the next n entries, or all that are left.
func (f *folder) ReadDir(n int) ([]fs.DirEntry, error) {
	rest := f.entries()[f.listed:]
	switch {
	case n <= 0:
	case len(rest) == 0:
		return nil, io.EOF
	default:
		rest = rest[:min(n, len(rest))]
	}
	f.listed += len(rest)
	return rest, nil
}
