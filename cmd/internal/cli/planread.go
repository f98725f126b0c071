package cli

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/push"
)

// readPlan reads the plan that is named; nil where the paths are specs.
func readPlan(args []string, now time.Time) (*push.PlanFile, error) {
	for _, name := range args {
		if info, err := os.Stat(name); name == keypolicy.Stdin || err != nil || info.IsDir() {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, keypolicy.ReadError(name, err)
		}
		if !push.IsPlan(text) {
			continue
		}
		if len(args) > 1 {
			return nil, fmt.Errorf("%s is a plan: name only it", name)
		}
		plan, err := push.ParsePlan(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if since := plan.Expired(now); since != "" {
			return nil, fmt.Errorf("%s: the plan has expired at %s: make it again with `keypolicy plan -o`", name, since)
		}
		return plan, nil
	}
	return nil, nil
}

// follow takes over the flags and the files of a plan.
func (a *app) follow(plan *push.PlanFile, f *planFlags) ([]string, error) {
	if given := a.chosen(f); given != (push.Flags{}) && given != plan.Flags {
		return nil, errors.New("the plan was made with other flags: leave out --account, --partition, --region, --key and those that begin with --allow, which it remembers")
	}
	k := &a.flags.key
	k.Account, k.Partition, k.Region, k.Key = plan.Flags.Account, plan.Flags.Partition, plan.Flags.Region, plan.Flags.Key
	f.allowLosing, f.allowUnknown = plan.Flags.AllowLosingOwnAccess, plan.Flags.AllowUnknown
	var files []string
	for _, key := range plan.Keys {
		if !slices.Contains(files, key.File) {
			files = append(files, key.File)
		}
	}
	if len(files) == 0 {
		return nil, errors.New("the plan has no keys")
	}
	here := slices.DeleteFunc(slices.Clone(files), disk.IsMissing) // the others are reported as refused
	roots, err := a.rootsOfFiles()
	if err != nil {
		return nil, err
	}
	for _, file := range here {
		roots.Name(file)
	}
	if len(here) == 0 {
		return nil, fmt.Errorf("none of the plan's %s is here, such as %s: run it in the folder that the plan was made in", count(len(files), "spec", "specs"), files[0])
	}
	return here, nil
}
