package compare

import (
	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/gitfs"
)

// Revision is the files of a git revision, read by its own configuration and templates.
type Revision struct {
	Files  keypolicy.Files
	Linter *keypolicy.Linter
}

// NewRevision reads the configuration of a revision, by the name that --config gives, and makes its linter by the options of the
// working tree's. What is wrong with the configuration is a [*keypolicy.ConfigurationError].
func NewRevision(base *gitfs.FS, config string, options func(*keypolicy.Configuration) (keypolicy.Options, error)) (*Revision, error) {
	r := &Revision{Files: keypolicy.Files{FS: base, Dir: base.Dir}}
	c, err := r.configuration(config)
	if err != nil {
		return nil, err
	}
	o, err := options(c)
	if err != nil {
		return nil, err
	}
	r.Linter, err = keypolicy.New(keypolicy.Options{Files: r.Files, Configuration: c, Enforce: o.Enforce, Values: o.Values, Key: o.Key, Today: o.Today, Jobs: o.Jobs, Sparse: true})
	return r, err
}

// configuration is that of --config, where the revision has it, else the first from the working directory up to the
// repository's root.
func (r *Revision) configuration(flag string) (*keypolicy.Configuration, error) {
	if flag == "" {
		return keypolicy.ReadConfiguration(r.Files, "")
	}
	if name := disk.FromWorkingFolder(flag); r.Has(name) {
		return keypolicy.ReadConfiguration(r.Files, name)
	}
	return keypolicy.NoConfiguration(r.Files), nil
}

// Has reports whether the revision has a file or a folder.
func (r *Revision) Has(name string) bool { return r.Files.Has(disk.FromWorkingFolder(name)) }

// Inputs are the revision's files that paths name; none where paths are given and the revision has none of them.
func (r *Revision) Inputs(args []string) (list []keypolicy.Input, none bool, err error) {
	var names []string
	for _, arg := range args {
		if r.Has(arg) {
			names = append(names, disk.FromWorkingFolder(arg))
		}
	}
	if len(args) > 0 && len(names) == 0 {
		return nil, true, nil
	}
	listing := r.Linter.List(names, false)
	if len(listing.Faults) > 0 {
		return nil, false, listing.Faults[0]
	}
	return listing.Inputs, false, nil
}

// Versions are the policies of the revision.
func (r *Revision) Versions(args []string) ([]*Version, error) {
	inputs, none, err := r.Inputs(args)
	if err != nil || none {
		return nil, err
	}
	var list []*Version
	for _, in := range inputs {
		unit, err := r.Linter.Unit(in)
		if err != nil {
			return nil, err
		}
		for _, d := range unit.Documents {
			list = append(list, VersionsOf(in.Name, d)...)
		}
	}
	return list, nil
}
