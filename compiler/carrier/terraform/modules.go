package terraform

import (
	"path"
	"sync"
)

// Files are what modules are read from. Names are slash-separated, as findings show them. Nothing is read but by these.
type Files interface {
	// List names the files of a folder, without the folder, sorted. A folder that there is not is an error.
	List(folder string) ([]string, error)

	// Read reads a file. Its error is a sentence that names the file.
	Read(name string) ([]byte, error)
}

// Modules are the modules that were read, for several roots: each folder is read once. It is safe for concurrent use.
type Modules struct {
	Given        []ValuesFile // what the run gives to every root module, the last first in rank
	files        Files
	mu           sync.Mutex
	configs      map[string]*loaded
	unmade       map[string]names // the keys of folders that no root makes
	worldsBudget int              // how many values may be made for the worlds of one module

	judging sync.Mutex
	keyless map[string]bool // the folders that were judged, see isKeyless

	begun map[string]*evaluator // of roots whose keys were counted before they are read
}

type loaded struct {
	config *config
	err    error
}

// NewModules reads modules from files.
func NewModules(files Files) *Modules {
	return &Modules{files: files, configs: map[string]*loaded{}, unmade: map[string]names{}, worldsBudget: worldsBudget, keyless: map[string]bool{}, begun: map[string]*evaluator{}}
}

// load reads the module of a folder.
func (m *Modules) load(folder string) (*config, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if have := m.configs[folder]; have != nil {
		return have.config, have.err
	}
	c, err := m.read(folder)
	m.configs[folder] = &loaded{c, err}
	return c, err
}

func (m *Modules) read(folder string) (*config, error) {
	names, err := m.files.List(folder)
	if err != nil {
		return nil, err
	}
	c := newConfig(folder)
	for _, name := range sourceFiles(names) {
		full := path.Join(folder, name)
		data, err := m.files.Read(full)
		if err != nil {
			return nil, err
		}
		c.mentions = c.mentions || mentionsKMS(data)
		c.read(full, data)
	}
	return c, nil
}
