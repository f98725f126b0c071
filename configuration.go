package keypolicy

import (
	"cmp"
	"io/fs"
	"path"
	"strings"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// Configuration is the configuration of a run, with where its paths start.
type Configuration struct {
	*spec.Configuration
	File string // as findings name it; "" where there is none

	files   Files
	at      string // the file, as a path of the file system
	folder  string // where its paths start: its folder, or the working folder where there is no file
	include spec.Patterns
	exclude spec.Patterns
	folders []spec.Patterns // of each of Folders
	notes   diag.List       // findings that are not errors
}

// ConfigurationError says that the configuration has errors: nothing is run by half of what is meant.
type ConfigurationError struct {
	Findings diag.List
	Lines    Lines // that the findings are about
}

// Error names the configuration and its first error.
func (e *ConfigurationError) Error() string {
	return e.Findings[0].Place.File + ": the configuration has errors: " + e.Findings[0].Message
}

// ReadConfiguration reads the configuration of the name, or, where it is "", the first `.keypolicy.yaml` from the working
// folder up to the repository's root or the file system's; without one nothing is configured. What is wrong with it is a
// [*ConfigurationError].
func ReadConfiguration(files Files, name string) (*Configuration, error) {
	if name == "" {
		name = files.findConfiguration()
	}
	if name == "" {
		return NoConfiguration(files), nil
	}
	text, err := files.Read(name)
	if err != nil {
		return nil, err
	}
	c, err := parseConfiguration(name, text)
	if err != nil {
		return nil, err
	}
	c.files, c.at = files, files.path(name)
	c.folder = path.Dir(c.at)
	return c, nil
}

// NoConfiguration is that of a run without one.
func NoConfiguration(files Files) *Configuration {
	return &Configuration{Configuration: &spec.Configuration{}, files: files, folder: files.dir()}
}

// parseConfiguration reads the text of a configuration.
func parseConfiguration(name string, text []byte) (*Configuration, error) {
	unit, found := compiler.Compile(compiler.Input{Name: name, Text: text, Configuration: true}, compiler.Options{})
	if found.HasErrors() {
		return nil, &ConfigurationError{Findings: found, Lines: linesOf(found, text)}
	}
	c := configurationOf(unit.Documents[0].Configuration)
	c.File, c.notes = name, found
	return c, nil
}

func configurationOf(read *spec.Configuration) *Configuration {
	c := &Configuration{Configuration: read}
	c.include, c.exclude = spec.NewPatterns(c.Include...), spec.NewPatterns(c.Exclude...)
	for _, f := range c.Folders {
		c.folders = append(c.folders, spec.NewPatterns(f.Path))
	}
	return c
}

// findConfiguration looks from the working folder up to the repository's root; "" where there is none.
func (f Files) findConfiguration() string {
	for folder := f.dir(); ; folder = path.Dir(folder) {
		file := path.Join(folder, spec.ConfigurationFile)
		if info, err := fs.Stat(f.FS, file); err == nil && !info.IsDir() {
			return f.name(file)
		}
		if _, err := fs.Stat(f.FS, path.Join(folder, ".git")); err == nil || folder == path.Dir(folder) {
			return ""
		}
	}
}

// settings are what the configuration gives to a file.
type settings struct {
	key    compiler.Defaults
	trust  spec.Trust
	output string
}

// of are the settings of a file: of the folders that match it, the last that gives a field counts.
func (c *Configuration) of(name string) settings {
	s := settings{
		key:   compiler.Defaults{Account: c.Account, Partition: c.Partition, Region: c.Region, Key: c.Key},
		trust: c.Trust, output: c.Output,
	}
	for i, f := range c.Folders {
		if !c.matches(c.folders[i], name) {
			continue
		}
		s.key.Account = cmp.Or(f.Account, s.key.Account)
		s.key.Partition = cmp.Or(f.Partition, s.key.Partition)
		s.key.Region = cmp.Or(f.Region, s.key.Region)
		s.output = cmp.Or(f.Output, s.output)
		if f.Trust != nil {
			s.trust = *f.Trust
		}
	}
	return s
}

// keysOf are the entries of the configuration's keys that may be about the keys of a file.
func (c *Configuration) keysOf(name string) []spec.KeyEntry {
	var list []spec.KeyEntry
	for _, k := range c.Keys {
		if k.Path == "" || name != "" && c.matches(spec.NewPatterns(k.Path), name) {
			list = append(list, k)
		}
	}
	return list
}

// OutputFor is the folder that a file's policies are written to, as a name; "" where none is given.
func (c *Configuration) OutputFor(name string) string {
	if output := c.of(name).output; output != "" {
		return c.Path(output)
	}
	return ""
}

// Outputs are the output folders that the configuration and its folders give, as they are written.
func (c *Configuration) Outputs() []string {
	var list []string
	if c.Output != "" {
		list = append(list, c.Output)
	}
	for _, f := range c.Folders {
		if f.Output != "" {
			list = append(list, f.Output)
		}
	}
	return list
}

// excludes reports whether the configuration's exclude names a file or a folder.
func (c *Configuration) excludes(name string) bool {
	return len(c.exclude) > 0 && c.matches(c.exclude, name)
}

// unused reports whether a file is another configuration below the one in use: it counts for nothing.
func (c *Configuration) unused(name string) bool {
	return c.File != "" && path.Base(name) == spec.ConfigurationFile && !c.is(name) && !strings.HasPrefix(relative(c.folder, c.files.path(name)), "../")
}

// At is the configuration's file, as a path of the file system.
func (c *Configuration) At() string { return c.at }

// Path makes a path of the configuration a name.
func (c *Configuration) Path(p string) string {
	if path.IsAbs(p) || hasDrive(p) {
		return c.files.Clean(p)
	}
	return c.files.name(path.Join(c.folder, p))
}

// Folder is the folder at which its paths start, as a path of the file system.
func (c *Configuration) Folder() string { return c.folder }

// IsHere reports whether the working folder is the configuration's, so that a run without a name reads all files.
func (c *Configuration) IsHere() bool { return c.folder == c.files.dir() }

// Shown is how findings name the configuration's file, also where there is none.
func (c *Configuration) Shown() string {
	if c.File == "" {
		return spec.ConfigurationFile
	}
	return c.File
}

// includes reports whether the configuration's include names a file.
func (c *Configuration) includes(name string) bool {
	return len(c.include) > 0 && c.matches(c.include, name)
}

// is reports whether a file is the configuration.
func (c *Configuration) is(name string) bool { return c.File != "" && c.files.path(name) == c.at }

// matches holds a file against patterns that are relative to the configuration.
func (c *Configuration) matches(patterns spec.Patterns, name string) bool {
	return patterns.Match(relative(c.folder, c.files.path(name)))
}
