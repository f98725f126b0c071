package cli

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// configuration is the configuration of a run, with where its paths start.
type configuration struct {
	*spec.Configuration
	file     string // "" where there is none
	absolute string
	folder   string // absolute; the working directory where there is no file
	include  globs
}

// defaults are what the configuration gives to keys.
func (c *configuration) defaults() compiler.Defaults {
	return compiler.Defaults{Account: c.Account, Partition: c.Partition, Region: c.Region, Key: c.Key}
}

// path makes a path of the configuration one that starts at the working directory.
func (c *configuration) path(p string) string {
	if !filepath.IsAbs(p) {
		p = filepath.Join(c.folder, p)
	}
	return shown(p)
}

// isHere says whether the working directory is the configuration's folder, so that a run without a path reads all files.
func (c *configuration) isHere() bool {
	here, err := os.Getwd()
	return err == nil && here == c.folder
}

// includes says whether the configuration's include names a file.
func (c *configuration) includes(file string) bool {
	if len(c.include) == 0 {
		return false
	}
	return c.matches(c.include, file)
}

// is says whether a file, by its absolute path, is the configuration.
func (c *configuration) is(file string) bool {
	return c.file != "" && file == c.absolute
}

// configure finds and reads the configuration. What is wrong with it is findings; without a sound one nothing is run.
func (a *app) configure() (*configuration, diag.List, error) {
	file := a.flags.config
	if file == "" {
		found, err := findConfiguration()
		if err != nil {
			return nil, nil, err
		}
		file = found
	}
	if file == "" {
		here, err := os.Getwd()
		return &configuration{Configuration: &spec.Configuration{}, folder: here}, nil, err
	}
	text, err := readFile(file)
	if err != nil {
		return nil, nil, err
	}
	return parseConfiguration(file, text)
}

// parseConfiguration reads the text of a configuration; nil where it has errors, which are findings.
func parseConfiguration(file string, text []byte) (*configuration, diag.List, error) {
	in := compiler.Input{Name: file, Text: text, Configuration: true}
	unit, found := compiler.Compile(in, compiler.Options{})
	if found.HasErrors() {
		return nil, found, nil
	}
	absolute, err := filepath.Abs(file)
	if err != nil {
		return nil, nil, err
	}
	c := &configuration{Configuration: unit.Documents[0].Configuration, file: file, absolute: absolute, folder: filepath.Dir(absolute)}
	c.include = newGlobs(c.Include)
	return c, found, nil
}

// findConfiguration looks from the working directory up to the repository's root; "" where there is none.
func findConfiguration() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		file := filepath.Join(folder, spec.ConfigurationFile)
		if info, err := os.Stat(file); err == nil && !info.IsDir() {
			return shown(file), nil
		}
		if _, err := os.Stat(filepath.Join(folder, ".git")); err == nil {
			return "", nil
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return "", nil
		}
		folder = parent
	}
}

// shown writes a path as findings show it: from the working directory where it lies in it, with slashes.
func shown(path string) string {
	here, err := os.Getwd()
	if err == nil && filepath.IsAbs(path) {
		if relative, err := filepath.Rel(here, path); err == nil {
			path = relative
		}
	}
	return filepath.ToSlash(filepath.Clean(path))
}

// configured is the configuration for commands that do not report what is wrong with it.
func (a *app) configured() (*configuration, error) {
	c, found, err := a.configure()
	if err == nil && c == nil {
		err = fmt.Errorf("the configuration has errors: `keypolicy lint %s` shows them", found[0].Place.File)
	}
	return c, err
}
