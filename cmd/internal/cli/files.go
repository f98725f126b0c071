package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler"
)

// stdin is the path that names it.
const stdin = "-"

// target is a file to be read.
type target struct {
	name string // as findings name it
	spec bool   // every mapping in it is a spec
}

// targets lists the files that the paths name, each once, in order, and tells the paths that cannot be read.
func (a *app) targets(paths []string, c *configuration, templates bool) (list []target, faults []error) {
	l := &listing{configuration: c, seen: map[string]bool{}}
	if len(paths) == 0 {
		l.folder(".")
		if templates {
			for _, folder := range c.Templates {
				l.templates(c.path(folder))
			}
		}
	}
	for _, p := range paths {
		if p == stdin {
			l.add(stdin, true)
			continue
		}
		info, err := os.Stat(p)
		switch {
		case err != nil:
			l.faults = append(l.faults, readError(p, err))
		case info.IsDir():
			l.folder(p)
		default:
			l.add(filepath.ToSlash(p), c.includes(p))
		}
	}
	return l.list, l.faults
}

type listing struct {
	configuration *configuration
	list          []target
	faults        []error
	seen          map[string]bool
}

func (l *listing) add(name string, isSpec bool) {
	id := name
	if absolute, err := filepath.Abs(name); err == nil && name != stdin {
		id = absolute
	}
	if !l.seen[id] {
		l.seen[id] = true
		l.list = append(l.list, target{name: name, spec: isSpec})
	}
}

// folder adds what is a spec by its name or by the configuration's include, in the order of names.
func (l *listing) folder(root string) {
	l.walk(root, func(path string) {
		switch {
		case l.configuration.includes(path):
			l.add(filepath.ToSlash(path), true)
		case compiler.IsSpecName(path):
			l.add(filepath.ToSlash(path), false)
		}
	})
}

// templates adds all YAML and JSON of a folder of templates.
func (l *listing) templates(root string) {
	l.walk(root, func(path string) {
		if isData(path) {
			l.add(filepath.ToSlash(path), false)
		}
	})
}

func (l *listing) walk(root string, visit func(path string)) {
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			l.faults = append(l.faults, readError(path, err))
			if entry != nil && entry.IsDir() {
				return fs.SkipDir
			}
		case entry.IsDir() && entry.Name() == ".git":
			return fs.SkipDir
		case !entry.IsDir():
			visit(path)
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.SkipDir) {
		l.faults = append(l.faults, readError(root, err))
	}
}

func isData(path string) bool {
	return slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(filepath.Ext(path)))
}
