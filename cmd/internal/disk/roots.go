package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/keypolicy/keypolicy/compiler/spec"
)

// Roots are the folders of the machine that a run may read, each an [os.Root]: the repository of the working folder, and what is named,
// with the repository that it is in. A symbolic link that leads from one into another is followed, and none that leads elsewhere: a
// file under review does not choose what is read. It is an [io/fs.FS] whose paths begin at the machine's root, on Windows with a drive.
type Roots struct {
	mu   sync.Mutex
	list []root
}

// root is a folder, or one file in it.
type root struct {
	folder string // absolute, as it was named
	real   string // the same with all links followed
	only   string // the file's name; "" for all below the folder
	open   *os.Root
}

// NewRoots are the repository of the working folder, else the working folder, and the files where a configuration is looked for.
func NewRoots() (*Roots, error) {
	here, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	r := &Roots{}
	r.add(repository(here), "")
	for folder := here; ; folder = filepath.Dir(folder) {
		r.file(filepath.Join(folder, spec.ConfigurationFile))
		if isRepository(folder) || folder == filepath.Dir(folder) {
			return r, nil
		}
	}
}

// Name adds what a name leads to: a folder or a file's folder, with the repository that it is in. Of a link out of there only the
// end is added. A name that leads nowhere adds nothing.
func (r *Roots) Name(name string) {
	at, err := filepath.Abs(name)
	if err != nil {
		return
	}
	info, err := os.Stat(at)
	if err != nil {
		return
	}
	if !info.IsDir() {
		r.add(repository(filepath.Dir(at)), "")
		r.file(at)
		return
	}
	folder := at
	if link, err := os.Lstat(at); err == nil && link.IsDir() {
		folder = repository(at)
	}
	r.add(folder, "")
	if end, err := filepath.EvalSymlinks(at); err == nil {
		r.add(end, "")
	}
}

// file adds a file and what it leads to, if there is one.
func (r *Roots) file(at string) {
	end, err := filepath.EvalSymlinks(at)
	if err != nil {
		return
	}
	for _, one := range []string{at, end} {
		r.add(filepath.Dir(one), filepath.Base(one))
	}
}

func (r *Roots) add(folder, only string) {
	if _, _, have := r.of(filepath.Join(folder, only)); have {
		return
	}
	opened, err := os.OpenRoot(folder)
	if err != nil {
		return // opening what is in it reports that it may not be read
	}
	end, err := filepath.EvalSymlinks(folder)
	if err != nil {
		end = folder
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, root{folder: folder, real: end, only: only, open: opened})
}

// repository is the repository that a folder is in, else the folder.
func repository(folder string) string {
	for at := folder; ; at = filepath.Dir(at) {
		if isRepository(at) {
			return at
		}
		if at == filepath.Dir(at) {
			return folder
		}
	}
}

func isRepository(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, ".git"))
	return err == nil
}

// of is the root that an absolute path is in, and the path in it.
func (r *Roots) of(at string) (in root, name string, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, one := range r.list {
		for _, folder := range []string{one.folder, one.real} {
			name, err := filepath.Rel(folder, at)
			if err == nil && filepath.IsLocal(name) && (one.only == "" || name == one.only) {
				return one, name, true
			}
		}
	}
	return root{}, "", false
}

// do does something with a path of the file system in the root that it is in. Where an [os.Root] refuses that, the path's links are
// followed, and the root is that of their end; through says whether the last step of the path is followed too.
func (r *Roots) do(op, p string, through bool, act func(in *os.Root, name string) error) error {
	at := Native(p)
	in, name, ok := r.of(at)
	var err error
	if ok {
		if err = act(in.open, name); err == nil {
			return nil
		}
	}
	end, missing := resolve(at, through)
	if missing != nil {
		return missing
	}
	other, rest, reached := r.of(end)
	switch {
	case !reached:
		return &fs.PathError{Op: op, Path: at, Err: outside(at, in.folder)}
	case ok && other.open == in.open && rest == name:
		return err
	default:
		return act(other.open, rest)
	}
}

// resolve follows the links of a path, that of its last step only where through says so.
func resolve(at string, through bool) (string, error) {
	if through {
		return filepath.EvalSymlinks(at)
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(at))
	return filepath.Join(folder, filepath.Base(at)), err
}

// outside is the error of a path whose links lead out of the root that it is in; without one nothing names the path.
func outside(at, root string) error {
	for link := at; root != "" && link != root && link != filepath.Dir(link); link = filepath.Dir(link) {
		if to, err := os.Readlink(link); err == nil {
			return fmt.Errorf("a symbolic link leads to %s, outside of the repository: name the link, to follow it", filepath.ToSlash(to))
		}
	}
	return errors.New("it is outside of the repository and of what is named")
}

// Open opens a file.
func (r *Roots) Open(name string) (f fs.File, err error) {
	err = r.do("open", name, true, func(in *os.Root, name string) error {
		opened, err := in.Open(name)
		f = opened
		return err
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Stat describes what a path leads to.
func (r *Roots) Stat(name string) (info fs.FileInfo, err error) {
	err = r.do("stat", name, true, func(in *os.Root, name string) (err error) {
		info, err = in.Stat(name)
		return err
	})
	return info, err
}

// ReadDir lists a folder, sorted.
func (r *Roots) ReadDir(name string) (list []fs.DirEntry, err error) {
	err = r.do("open", name, true, func(in *os.Root, name string) (err error) {
		list, err = fs.ReadDir(in.FS(), filepath.ToSlash(name))
		return err
	})
	return list, err
}

// Lstat describes what is at a path: a link itself.
func (r *Roots) Lstat(name string) (info fs.FileInfo, err error) {
	err = r.do("lstat", name, false, func(in *os.Root, name string) (err error) {
		info, err = in.Lstat(name)
		return err
	})
	return info, err
}

// ReadLink is where a link leads.
func (r *Roots) ReadLink(name string) (target string, err error) {
	err = r.do("readlink", name, false, func(in *os.Root, name string) (err error) {
		target, err = in.Readlink(name)
		return err
	})
	return filepath.ToSlash(target), err
}
