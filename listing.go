package keypolicy

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/carrier/terraform"
)

// Stdin is the name of what is read from the standard input.
const Stdin = "-"

// Input is a file of a run.
type Input struct {
	Name string // as findings show it
	Text []byte // nil where it is read from the file system
	Spec bool   // every mapping in it is a spec

	configuration bool
	excluded      bool               // the configuration leaves it out: only enforced rules evaluate it
	modules       *terraform.Modules // of a Terraform module, whose folder the name is
}

// IsModule reports whether it is a Terraform module.
func (i Input) IsModule() bool { return i.modules != nil }

// IsExcluded reports whether the configuration leaves it out, so that only the rules that [Options.Enforce] enforces judge it.
func (i Input) IsExcluded() bool { return i.excluded }

// Listing is the files that names represent.
type Listing struct {
	Inputs []Input
	Faults []error  // names that cannot be read
	Passed []string // sentences about what has a spec's name and is not a file
	Unread []string // sentences about folders that are named and have nothing that is read

	keyless bool // there are Terraform modules, of which none has to do with KMS
	beside  int  // files of YAML or JSON beside them, in named folders, that are not read
}

// Empty is the error of a listing without a file, which is [ErrNoFiles]; [ErrNoKeys] where all that is read is Terraform's.
func (l Listing) Empty() error {
	switch {
	case len(l.Unread) > 0:
		return emptyError(strings.Join(l.Unread, "\n"))
	case l.keyless:
		return keylessError(l.beside)
	default:
		return ErrNoFiles
	}
}

type emptyError string

func (e emptyError) Error() string        { return string(e) }
func (e emptyError) Is(target error) bool { return target == ErrNoFiles }

// keylessError is [ErrNoKeys] with the number of files of YAML or JSON that were not read either: one of them may be meant to be a spec.
type keylessError int

func (e keylessError) Error() string {
	switch e {
	case 0:
		return ErrNoKeys.Error()
	case 1:
		return ErrNoKeys.Error() + "; 1 file of YAML or JSON there is not read: if it is a spec, name it, or call it NAME.keypolicy.yaml"
	default:
		return fmt.Sprintf("%v; %d files of YAML or JSON there are not read: name those that are specs, or call them NAME.keypolicy.yaml", ErrNoKeys, int(e))
	}
}

func (e keylessError) Is(target error) bool { return target == ErrNoFiles || target == ErrNoKeys }

// List lists the files that the names represent, each once, in their order: files, and folders in which specs are found by
// their names or by the configuration's `include`. Without a name that is the working folder. [Stdin] has no text yet.
// templates adds, where no name is given, those of the configuration's folders; and what the configuration excludes, where another one
// enforces rules.
func (l *Linter) List(names []string, templates bool) Listing {
	list := l.listing()
	list.enforced = templates && l.opts.Enforce != nil
	if len(names) == 0 {
		list.folder(".")
		list.beside = list.passed
		if templates {
			for _, folder := range l.Configuration.Templates {
				list.templates(l.Configuration.Path(folder))
			}
		}
	}
	for _, name := range names {
		if name == Stdin {
			list.add(Stdin, true)
			continue
		}
		info, err := l.files.stat(name)
		switch {
		case err != nil:
			list.Faults = append(list.Faults, ReadError(name, err))
		case info.IsDir():
			list.folder(name)
			if list.met == 0 {
				list.Unread = append(list.Unread, unread(name, list.passed))
			}
			list.beside += list.passed
		case terraform.IsSource(name):
			list.module(path.Dir(name), path.Dir(name))
			list.exclude(path.Dir(name), false)
		default:
			list.add(name, l.Configuration.includes(name))
		}
	}
	list.addModules()
	return list.Listing
}

type listing struct {
	Listing
	files         Files
	configuration *Configuration
	seen          map[string]bool
	folders       []string          // of Terraform modules, in the order in which they were found
	roots         map[string]string // the named folder that each was found below
	values        []ValuesFile

	enforced bool            // what the configuration excludes is read for the rules that another one enforces
	excluded map[string]bool // of the folders of Terraform modules, those of which all is excluded

	met, passed int // files that the last folder has: those that are read, and others of YAML or JSON
}

// unread says that nothing of a folder that was named is read.
func unread(folder string, passed int) string {
	const how = "is read: name the files, call specs NAME.keypolicy.yaml, or write `include` into .keypolicy.yaml"
	switch passed {
	case 0:
		return folder + " has no file that is read"
	case 1:
		return folder + " has 1 file of YAML or JSON, which is not read: name it, call it NAME.keypolicy.yaml, or write `include` into .keypolicy.yaml"
	default:
		return fmt.Sprintf("%s has %d files of YAML or JSON, of which none %s", folder, passed, how)
	}
}

func (l *Linter) listing() *listing {
	return &listing{files: l.files, configuration: l.Configuration, seen: map[string]bool{}, roots: map[string]string{}, excluded: map[string]bool{}, values: l.opts.Values}
}

func (l *listing) add(name string, isSpec bool) {
	id := Stdin
	if name != Stdin {
		id = "/" + l.files.path(name)
	}
	if l.seen[id] {
		return
	}
	l.seen[id] = true
	l.Inputs = append(l.Inputs, Input{Name: name, Spec: isSpec, configuration: name != Stdin && l.configuration.is(name)})
}

// folder adds what is a spec by its name or by the configuration's include, in the order of names.
func (l *listing) folder(root string) {
	l.met, l.passed = 0, 0
	l.walk(root, func(name string, entry fs.DirEntry) {
		l.met++
		excluded := l.excludes(root, name)
		before := len(l.Inputs)
		defer func() {
			for i := before; i < len(l.Inputs); i++ {
				l.Inputs[i].excluded = excluded
			}
		}()
		switch {
		case excluded && !l.enforced:
		case l.configuration.unused(name):
			l.file(name, entry, false)
		case l.configuration.includes(name):
			l.file(name, entry, true)
		case compiler.IsSpecName(name):
			l.file(name, entry, false)
		case terraform.IsSource(name):
			l.module(path.Dir(name), root)
			l.exclude(path.Dir(name), excluded)
		default:
			l.met--
			if isData(name) {
				l.passed++
			}
		}
	})
}

// excludes reports whether the configuration excludes a file, or a folder between it and the one that was named.
func (l *listing) excludes(root, name string) bool {
	for ; name != root; name = path.Dir(name) {
		if l.configuration.excludes(name) {
			return true
		}
		if path.Dir(name) == name || name == "." {
			return false
		}
	}
	return false
}

// exclude notes whether the file of a module is excluded: a module with one that is not counts as a whole.
func (l *listing) exclude(folder string, excluded bool) {
	id := l.files.path(folder)
	if was, have := l.excluded[id]; have {
		excluded = excluded && was
	}
	l.excluded[id] = excluded
}

// module notes the folder of a Terraform module.
func (l *listing) module(folder, root string) {
	id := l.files.path(folder)
	if _, have := l.roots[id]; have {
		return
	}
	l.roots[id] = root
	l.folders = append(l.folders, folder)
}

// addModules adds the modules that no other module of the run calls. Those of one repository are read together.
func (l *listing) addModules() {
	readers := map[string]*terraform.Modules{}
	confines := map[string]*confined{}
	groups := map[string][]string{}
	var order []string
	for _, folder := range l.folders {
		named := l.files.path(l.roots[l.files.path(folder)])
		if confines[named] == nil {
			confines[named] = newConfined(l.files, named)
		}
		c := confines[named]
		if readers[c.root] == nil {
			readers[c.root] = terraform.NewModules(c)
			readers[c.root].Given = l.values
			order = append(order, c.root)
		}
		groups[c.root] = append(groups[c.root], path.Clean(folder))
	}
	l.keyless = len(order) > 0
	for _, root := range order {
		roots := readers[root].Roots(groups[root])
		for _, folder := range append(roots, readers[root].Unmade(roots, groups[root])...) {
			l.Inputs = append(l.Inputs, Input{Name: folder, modules: readers[root], excluded: l.excluded[l.files.path(folder)]})
			l.keyless = false
		}
	}
}

// templates adds all YAML and JSON of a folder of templates.
func (l *listing) templates(root string) {
	l.walk(root, func(name string, entry fs.DirEntry) {
		if isData(name) {
			l.file(name, entry, false)
		}
	})
}

// file adds what a folder holds. What is not a file there, such as a pipe, nobody has asked to read: it is passed over.
func (l *listing) file(name string, entry fs.DirEntry, isSpec bool) {
	mode := entry.Type()
	if mode&fs.ModeSymlink != 0 {
		info, err := l.files.stat(name)
		if err != nil {
			l.Faults = append(l.Faults, ReadError(name, err))
			return
		}
		mode = info.Mode().Type()
	}
	if what := irregular(mode); what != "" {
		l.Passed = append(l.Passed, fmt.Sprintf("%s is %s, and is not read", name, what))
		return
	}
	l.add(name, isSpec)
}

// walk visits what is not a folder below a folder, which may be a symbolic link.
func (l *listing) walk(root string, visit func(name string, entry fs.DirEntry)) {
	err := l.files.walk(root, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			l.Faults = append(l.Faults, ReadError(name, err))
			if entry != nil && entry.IsDir() {
				return fs.SkipDir
			}
		case entry.IsDir() && name != root && (neverRead(path.Base(name)) || !l.enforced && l.configuration.excludes(name)):
			return fs.SkipDir
		case !entry.IsDir():
			visit(name, entry)
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.SkipDir) {
		l.Faults = append(l.Faults, ReadError(root, err))
	}
}

// walk is [fs.WalkDir] by names: those below a folder begin with the folder's.
func (f Files) walk(root string, visit func(name string, entry fs.DirEntry, err error) error) error {
	start := f.path(root)
	return fs.WalkDir(f.FS, start, func(p string, entry fs.DirEntry, err error) error {
		return visit(path.Join(root, relative(start, p)), entry, err)
	})
}

// StateFolder is the name of the folder of journals, plans and backups beside the configuration.
const StateFolder = ".keypolicy"

// neverRead says that a folder holds no specs of the project's: git's own, the journals, plans and backups of runs, and what
// other tools have fetched.
func neverRead(folder string) bool {
	return slices.Contains([]string{".git", StateFolder, ".terraform", "node_modules"}, folder)
}

func isData(name string) bool {
	return slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(path.Ext(name)))
}
