package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/ruletimeout"
)

// nameFiles makes what the command line names readable, wherever it is.
func (a *app) nameFiles(cmd *cobra.Command, args []string) error {
	roots, err := a.rootsOfFiles()
	if err != nil {
		return err
	}
	for _, name := range args {
		roots.Name(name)
	}
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if list, ok := f.Value.(pflag.SliceValue); ok {
			for _, name := range list.GetSlice() {
				roots.Name(name)
			}
			return
		}
		roots.Name(f.Value.String())
	})
	return nil
}

func (a *app) rootsOfFiles() (*disk.Roots, error) {
	if a.roots == nil {
		roots, err := disk.NewRoots()
		if err != nil {
			return nil, err
		}
		a.roots = roots
	}
	return a.roots, nil
}

// files are those that the run may read, from the working folder.
func (a *app) files() (keypolicy.Files, error) {
	roots, err := a.rootsOfFiles()
	if err != nil {
		return keypolicy.Files{}, err
	}
	return roots.Files()
}

// configure finds and reads the configuration. What is wrong with it is a [*keypolicy.ConfigurationError].
func (a *app) configure() (*keypolicy.Configuration, error) {
	all, err := a.files()
	if err != nil {
		return nil, err
	}
	c, err := keypolicy.ReadConfiguration(all, filepath.ToSlash(a.flags.config))
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Concat(c.Templates, c.Rules, []string{c.Baseline}) {
		if name != "" {
			a.roots.Name(filepath.FromSlash(c.Path(name)))
		}
	}
	return c, nil
}

// configured is the configuration for commands that do not report what is wrong with it.
func (a *app) configured() (*keypolicy.Configuration, error) {
	c, err := a.configure()
	if wrong, ok := errors.AsType[*keypolicy.ConfigurationError](err); ok {
		err = fmt.Errorf("the configuration has errors: `keypolicy lint %s` shows them", wrong.Findings[0].Place.File)
	}
	return c, err
}

// options are those of a linter of the working folder.
func (a *app) options(c *keypolicy.Configuration) (keypolicy.Options, error) {
	all, err := a.files()
	if err != nil {
		return keypolicy.Options{}, err
	}
	var enforced *keypolicy.Configuration
	if a.flags.enforce != "" {
		if enforced, err = keypolicy.ReadEnforced(all, filepath.ToSlash(a.flags.enforce)); err != nil {
			return keypolicy.Options{}, err
		}
	}
	values, err := a.values(all)
	return keypolicy.Options{
		Files: all, Configuration: c, Enforce: enforced, Key: a.flags.key, Today: a.flags.today, Jobs: a.flags.jobs, Limit: ruletimeout.New().Limit, Values: values,
		PlanModule: filepath.ToSlash(a.flags.planModule),
	}, err
}

// values are the files that --var-file names.
func (a *app) values(all keypolicy.Files) ([]keypolicy.ValuesFile, error) {
	var list []keypolicy.ValuesFile
	for _, name := range a.flags.varFiles {
		name = filepath.ToSlash(name)
		text, err := all.Read(name)
		if err != nil {
			return nil, fmt.Errorf("--var-file: %w", err)
		}
		list = append(list, keypolicy.ValuesFile{Name: name, Text: text})
	}
	return list, nil
}

// linter is one by the configuration, for commands that do not report findings.
func (a *app) linter() (*keypolicy.Linter, error) {
	c, err := a.configured()
	if err != nil {
		return nil, err
	}
	if err := a.met(c); err != nil {
		return nil, err
	}
	return a.newLinter(c)
}

func (a *app) newLinter(c *keypolicy.Configuration) (*keypolicy.Linter, error) {
	o, err := a.options(c)
	if err != nil {
		return nil, err
	}
	return keypolicy.New(o)
}
