package keypolicy

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/carrier/terraform"
)

// module is the Terraform module that an input is: of a run's listing, or of a folder or a file that is named by itself.
func (l *Linter) module(in Input) (compiler.Module, bool) {
	if in.modules != nil {
		return compiler.Module{Folder: in.Name, Modules: in.modules}, true
	}
	if in.Text != nil || in.Name == Stdin {
		return compiler.Module{}, false
	}
	folder := in.Name
	if terraform.IsSource(in.Name) {
		folder = path.Dir(in.Name)
	} else if !l.isModule(in.Name) {
		return compiler.Module{}, false
	}
	return compiler.Module{Folder: folder, Modules: l.modules(folder)}, true
}

// IsModule reports whether a path is a folder with files of Terraform, or one of these files.
func (l *Linter) IsModule(name string) bool { return terraform.IsSource(name) || l.isModule(name) }

// isModule reports whether a name is of a folder with files of Terraform.
func (l *Linter) isModule(name string) bool {
	info, err := l.files.stat(name)
	if err != nil || !info.IsDir() {
		return false
	}
	entries, err := fs.ReadDir(l.files.FS, l.files.path(name))
	return err == nil && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return terraform.IsSource(e.Name()) })
}

// planModule is the module that a Terraform plan is of, where the files have it.
func (l *Linter) planModule(plan string) (compiler.Module, bool) {
	folders := []string{path.Dir(plan), "."} // of the standard input too
	if l.opts.PlanModule != "" {
		folders = []string{l.opts.PlanModule}
	}
	for _, folder := range folders {
		if folder = path.Clean(folder); l.isModule(folder) {
			return compiler.Module{Folder: folder, Modules: l.modules(folder)}, true
		}
	}
	return compiler.Module{}, false
}

// modules reads Terraform modules from the repository that a folder is in, or else from the folder and what is below it.
func (l *Linter) modules(folder string) *terraform.Modules {
	within := newConfined(l.files, l.files.path(folder))
	if l.opts.Sparse { // the files of a revision are those of its repository
		within.root = "."
	}
	m := terraform.NewModules(within)
	m.Given = l.opts.Values
	return m
}

// settingsOf is a file of a module's folder, for the configuration's patterns, which are about files.
func settingsOf(folder string) string { return path.Join(folder, "main.tf") }

// confined reads the files below a root, and nothing that links lead out of it.
type confined struct {
	files Files
	root  string // a path of the file system
}

func newConfined(files Files, folder string) *confined {
	for at := folder; ; at = path.Dir(at) {
		if _, err := fs.Stat(files.FS, path.Join(at, ".git")); err == nil {
			return &confined{files, at}
		}
		if at == path.Dir(at) {
			return &confined{files, folder}
		}
	}
}

// List names the files of a folder.
func (c *confined) List(folder string) ([]string, error) {
	p, err := c.resolve(folder)
	if err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(c.files.FS, p)
	if err != nil {
		return nil, ReadError(folder, err)
	}
	var names []string
	for _, entry := range entries {
		if !entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// Read reads a file.
func (c *confined) Read(name string) ([]byte, error) {
	p, err := c.resolve(name)
	if err != nil {
		return nil, err
	}
	text, err := Files{FS: c.files.FS}.Read("/" + p)
	if err != nil {
		return nil, fmt.Errorf("%s%s", name, strings.TrimPrefix(err.Error(), "/"+p))
	}
	return text, nil
}

// mostLinks is how many links are followed on the way to a file.
const mostLinks = 40

// resolve is the path of the file system that a name leads to, links followed; an error where that is outside of the root.
func (c *confined) resolve(name string) (string, error) {
	outside := &terraform.OutsideError{Name: name, Root: c.files.name(c.root)}
	rest, at := c.files.path(name), "."
	for range mostLinks {
		if !within(c.root, rest) {
			return "", outside
		}
		link, p := "", at
		for _, step := range segments(rest) {
			p = path.Join(p, step)
			if !within(c.root, p) { // above the root there may be links: they are how the root is named
				continue
			}
			info, err := fs.Lstat(c.files.FS, p)
			if err != nil {
				return rest, nil //nolint:nilerr // reading it says why
			}
			if p != c.root && info.Mode()&fs.ModeSymlink != 0 {
				link = p
				break
			}
		}
		if link == "" {
			return rest, nil
		}
		target, err := fs.ReadLink(c.files.FS, link)
		if err != nil {
			return "", ReadError(name, err)
		}
		behind := strings.TrimPrefix(strings.TrimPrefix(rest, link), "/")
		if path.IsAbs(target) {
			rest = path.Join(strings.TrimPrefix(path.Clean(target), "/"), behind)
		} else {
			rest = path.Join(path.Dir(link), target, behind)
		}
	}
	return "", outside
}

// within reports whether a path is a folder or below it.
func within(folder, p string) bool {
	return folder == "." && p != ".." && !strings.HasPrefix(p, "../") || p == folder || strings.HasPrefix(p, folder+"/")
}
