package keypolicy

import (
	"io/fs"
	"path"

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
	include globs
	notes   diag.List // findings that are not errors
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
	c := &Configuration{Configuration: unit.Documents[0].Configuration, File: name, notes: found}
	c.include = newGlobs(c.Include)
	return c, nil
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

// defaults are what the configuration gives to keys.
func (c *Configuration) defaults() compiler.Defaults {
	return compiler.Defaults{Account: c.Account, Partition: c.Partition, Region: c.Region, Key: c.Key}
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

// IsHere says whether the working folder is the configuration's, so that a run without a name reads all files.
func (c *Configuration) IsHere() bool { return c.folder == c.files.dir() }

// Shown is how findings name the configuration's file, also where there is none.
func (c *Configuration) Shown() string {
	if c.File == "" {
		return spec.ConfigurationFile
	}
	return c.File
}

// includes says whether the configuration's include names a file.
func (c *Configuration) includes(name string) bool {
	return len(c.include) > 0 && c.matches(c.include, name)
}

// is says whether a file is the configuration.
func (c *Configuration) is(name string) bool { return c.File != "" && c.files.path(name) == c.at }

// matches holds a file against patterns that are relative to the configuration.
func (c *Configuration) matches(patterns globs, name string) bool {
	return patterns.match(relative(c.folder, c.files.path(name)))
}
