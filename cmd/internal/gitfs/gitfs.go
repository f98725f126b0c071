// Package gitfs is a git revision as a file system: the regular files of a commit, by their paths in the repository. Texts are
// read as they are asked for, and nothing is fetched.
package gitfs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
)

// FS is the files of a revision. It is safe for concurrent use. Close ends it.
type FS struct {
	Dir string // the working folder, as a path of the FS

	name    string
	nodes   map[string]*node // by path; "." is the root
	objects *objects
}

// Open lists the files of a revision in the repository of the working folder.
func Open(ctx context.Context, name string) (*FS, error) {
	prefix, err := Run(ctx, "rev-parse", "--show-prefix")
	switch {
	case err != nil && strings.Contains(err.Error(), "not a git repository"):
		return nil, fmt.Errorf("the working folder is in no git repository, so there is no revision `%s` to compare with", name)
	case err != nil:
		return nil, err
	}
	listing, err := list(ctx, name)
	if err != nil {
		return nil, err
	}
	f := &FS{Dir: path.Clean(strings.TrimSuffix(string(prefix), "\n")), name: name, nodes: map[string]*node{".": {name: "."}}, objects: &objects{ctx: ctx}}
	for entry := range strings.SplitSeq(string(listing), "\x00") {
		meta, file, ok := strings.Cut(entry, "\t")
		fields := strings.Fields(meta) // mode, type and object
		if ok && len(fields) == 3 && strings.HasPrefix(fields[0], "100") {
			f.add(file, fields[2])
		}
	}
	for _, n := range f.nodes {
		slices.SortFunc(n.children, func(a, b *node) int { return strings.Compare(a.name, b.name) })
	}
	return f, nil
}

// list is what `git ls-tree` writes of a revision's files. Before the first commit HEAD has none: a hook of that commit
// compares with nothing.
func list(ctx context.Context, name string) ([]byte, error) {
	commit, err := Run(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", name+"^{commit}")
	if err == nil {
		return Run(ctx, "ls-tree", "-r", "-z", "--full-tree", strings.TrimSpace(string(commit)))
	}
	if branch, err := Run(ctx, "symbolic-ref", "--quiet", "HEAD"); name == "HEAD" && err == nil {
		if _, err := Run(ctx, "rev-parse", "--verify", "--quiet", strings.TrimSpace(string(branch))); err != nil {
			return nil, nil //nolint:nilerr // a repository without a commit has no file
		}
	}
	if shallow, err := Run(ctx, "rev-parse", "--is-shallow-repository"); err == nil && strings.TrimSpace(string(shallow)) == "true" {
		return nil, fmt.Errorf("git has no revision `%s`: this clone is shallow. Fetch the history, with `fetch-depth: 0` at actions/checkout, GIT_DEPTH: 0 at GitLab, or `git fetch --unshallow`", name)
	}
	return nil, fmt.Errorf("git has no revision `%s`", name)
}

// add puts a file into the tree, with its folders.
func (f *FS) add(file, object string) {
	n := &node{name: path.Base(file), object: object}
	f.nodes[file] = n
	for folder := path.Dir(file); ; folder = path.Dir(folder) {
		parent, known := f.nodes[folder]
		if !known {
			parent = &node{name: path.Base(folder)}
			f.nodes[folder] = parent
		}
		parent.children = append(parent.children, n)
		if known {
			return
		}
		n = parent
	}
}

// Open opens a file, or a folder to be listed.
func (f *FS) Open(name string) (fs.File, error) {
	n, err := f.node("open", name)
	if err != nil {
		return nil, err
	}
	if n.object == "" {
		return &folder{node: n}, nil
	}
	text, err := f.objects.read(n.object)
	if err != nil {
		return nil, &missingError{file: name, revision: f.name, err: err}
	}
	return &file{bytes.NewReader(text), n}, nil
}

// Stat describes a file or a folder, without its size.
func (f *FS) Stat(name string) (fs.FileInfo, error) { return f.node("stat", name) }

// ReadDir lists a folder.
func (f *FS) ReadDir(name string) ([]fs.DirEntry, error) {
	n, err := f.node("readdir", name)
	if err != nil {
		return nil, err
	}
	return n.entries(), nil
}

// Close ends what reads the texts.
func (f *FS) Close() error { return f.objects.close() }

func (f *FS) node(op, name string) (*node, error) {
	if n := f.nodes[name]; n != nil && fs.ValidPath(name) {
		return n, nil
	}
	err := fs.ErrNotExist
	if !fs.ValidPath(name) {
		err = fs.ErrInvalid
	}
	return nil, &fs.PathError{Op: op, Path: name, Err: err}
}

// missingError says that git has no text of a file here, as in a partial clone.
type missingError struct {
	file, revision string
	err            error
}

func (e *missingError) Error() string {
	return fmt.Sprintf("%v; the text of %s at %s is not in this clone, and nothing is fetched: fetch it first, as `git archive %s` does", e.err, e.file, e.revision, e.revision)
}

func (e *missingError) Unwrap() error { return e.err }

// Run runs git in the working directory; its error is a sentence. It is kept from the network: in a partial clone git
// fetches what is missing as it reads. GIT_NO_LAZY_FETCH is known to git 2.45 and later, and no transport is allowed.
// https://git-scm.com/docs/git#Documentation/git.txt-codeGITALLOWPROTOCOLcode
func Run(ctx context.Context, args ...string) ([]byte, error) {
	out, err := command(ctx, args...).Output()
	var failed *exec.ExitError
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return nil, errors.New("a git revision needs git, which is not installed here")
	case errors.As(err, &failed):
		return nil, fmt.Errorf("git %s: %s", args[0], strings.TrimSpace(string(failed.Stderr)))
	}
	return out, err
}

func command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Env = append(os.Environ(), "GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0")
	return cmd
}
