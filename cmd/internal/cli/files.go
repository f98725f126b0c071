package cli

import (
	"errors"
	"fmt"
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
	name          string // as findings name it
	spec          bool   // every mapping in it is a spec
	configuration bool
}

// targets lists the files that the paths name, each once, in order, with what is passed over and cannot be read.
func (a *app) targets(paths []string, c *configuration, templates bool) *listing {
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
	return l
}

type listing struct {
	configuration *configuration
	list          []target
	faults        []error  // paths that cannot be read
	passed        []string // what has a spec's name and is no file
	seen          map[string]bool
}

func (l *listing) add(name string, isSpec bool) {
	id := name
	if absolute, err := filepath.Abs(name); err == nil && name != stdin {
		id = absolute
	}
	if l.seen[id] {
		return
	}
	l.seen[id] = true
	l.list = append(l.list, target{name: name, spec: isSpec, configuration: l.configuration.is(id)})
}

// folder adds what is a spec by its name or by the configuration's include, in the order of names.
func (l *listing) folder(root string) {
	l.walk(root, func(path string, entry fs.DirEntry) {
		switch {
		case l.configuration.includes(path):
			l.file(path, entry, true)
		case compiler.IsSpecName(path):
			l.file(path, entry, false)
		}
	})
}

// templates adds all YAML and JSON of a folder of templates.
func (l *listing) templates(root string) {
	l.walk(root, func(path string, entry fs.DirEntry) {
		if isData(path) {
			l.file(path, entry, false)
		}
	})
}

// file adds what a folder holds. What is no file there, such as a pipe, nobody has asked to read: it is passed over.
func (l *listing) file(path string, entry fs.DirEntry, isSpec bool) {
	mode := entry.Type()
	if mode&fs.ModeSymlink != 0 {
		info, err := os.Stat(path)
		if err != nil {
			l.faults = append(l.faults, readError(path, err))
			return
		}
		mode = info.Mode().Type()
	}
	if what := irregular(mode); what != "" {
		l.passed = append(l.passed, fmt.Sprintf("%s is %s, and is not read", filepath.ToSlash(path), what))
		return
	}
	l.add(filepath.ToSlash(path), isSpec)
}

func (l *listing) walk(root string, visit func(path string, entry fs.DirEntry)) {
	err := filepath.WalkDir(linked(root), func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			l.faults = append(l.faults, readError(filepath.Clean(path), err))
			if entry != nil && entry.IsDir() {
				return fs.SkipDir
			}
		case entry.IsDir() && neverRead(filepath.Base(path)):
			return fs.SkipDir
		case !entry.IsDir():
			visit(path, entry)
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.SkipDir) {
		l.faults = append(l.faults, readError(root, err))
	}
}

// neverRead says that a folder holds no specs: git's own, and the journals, plans and backups of runs.
func neverRead(folder string) bool { return folder == ".git" || folder == stateFolder }

// linked names a folder so that it is walked where it is a symbolic link, too.
func linked(folder string) string { return folder + string(filepath.Separator) + "." }

func isData(path string) bool {
	return slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(filepath.Ext(path)))
}
