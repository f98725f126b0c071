package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
)

// safeDirectories is the variable that lists folders whose configuration may be another user's, as git's safe.directory
// does; "*" is all. It is read from the environment, as a configuration cannot speak for itself.
const safeDirectories = "KEYPOLICY_SAFE_DIRECTORY"

var ownerOf = disk.Owner // what tests change

// foreign says that the configuration that was found is another user's. It decides which roles are assumed and which rules
// are run, so whoever can write a file into a folder above could choose what is done with the caller's credentials. One
// that --config names is the caller's own choice.
func (a *app) foreign(c *keypolicy.Configuration) (why string) {
	if c.File == "" || a.flags.config != "" {
		return ""
	}
	file, folder := disk.Native(c.At()), disk.Native(c.Folder())
	for _, path := range disk.Trail(file) {
		owner, foreign := disk.ForeignOwner(path, ownerOf)
		if !foreign {
			continue
		}
		allowed := filepath.SplitList(os.Getenv(safeDirectories))
		if slices.Contains(allowed, "*") || slices.ContainsFunc(allowed, func(dir string) bool { return dir != "" && filepath.Clean(dir) == folder }) {
			return ""
		}
		what := disk.FromWorkingFolder(path)
		switch path {
		case file:
		case folder:
			what = "the folder of " + c.File
		default:
			what += ", where " + c.File + " leads,"
		}
		return fmt.Sprintf("%s belongs to another user (%s)", what, owner)
	}
	return ""
}

// met takes the configuration of a run in: commands that ask AWS refuse another user's, and the others warn.
func (a *app) met(c *keypolicy.Configuration) error {
	if c.File != "" && a.flags.config == "" && !c.IsHere() {
		a.configuredAbove = c.File
	}
	why := a.foreign(c)
	switch {
	case why == "":
		return nil
	case a.asksAWS:
		return fmt.Errorf("%s, so AWS is not called with its settings: check the file, and then name it with `--config %s`, or set %s=%s", why, c.File, safeDirectories, disk.Native(c.Folder()))
	}
	a.say("warning: %s: plan, apply and import refuse it", why)
	return nil
}

// byConfiguration names the configuration in a summary where it is above the working folder.
func (a *app) byConfiguration() string {
	if a.configuredAbove == "" {
		return ""
	}
	return ", by " + a.configuredAbove
}
