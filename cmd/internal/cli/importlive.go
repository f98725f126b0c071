package cli

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/desired"
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/push"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

func (a *app) importKey(ctx context.Context, l *keypolicy.Linter, f *importFlags, name string) error {
	cloud, err := a.open(ctx, l.Configuration)
	if err != nil {
		return err
	}
	flags, config := l.CompilerOptions("").Flags, l.CompilerOptions("").Configuration
	key := spec.Key{Key: policy.Key{ID: name, Account: cmp.Or(flags.Account, config.Account), Region: cmp.Or(flags.Region, config.Region)}}
	arn, isARN := policy.ParseARN(name)
	if isARN { // it says both, and a flag that contradicts it is reported
		key.Account, key.Region = cmp.Or(flags.Account, arn.Account), cmp.Or(flags.Region, arn.Region)
	}
	if alias := cmp.Or(arn.Resource, name); strings.HasPrefix(alias, "alias/") {
		key.Alias = alias
	}
	live, err := cloud.Read(ctx, key)
	if err != nil {
		return err
	}
	return a.imported(l, name, f.output, live.Document, live.Key)
}

// importAll writes a spec for each key that has none; one that cannot be written does not keep the others from it.
func (a *app) importAll(ctx context.Context, l *keypolicy.Linter, dir string) error {
	cloud, err := a.open(ctx, l.Configuration)
	if err != nil {
		return err
	}
	scopes, err := a.scopes(cloud, l.Configuration)
	if err != nil {
		return err
	}
	all, err := a.everyKey(ctx, cloud, scopes)
	if err != nil {
		return err
	}
	if err := all.None(); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("%s: the folder cannot be made: %w", filepath.ToSlash(dir), disk.Reason(err))
	}
	have, err := desired.Read(l, dir)
	if err != nil {
		return err
	}
	written, there, failed := 0, 0, len(all.Failed)
	for _, err := range all.Failed {
		a.say("%v", err)
	}
	for _, arn := range all.Leaving {
		a.say("%s is to be deleted, and is left out", arn)
	}
	for _, live := range all.Keys {
		if file := have.Of(live); file != "" {
			there++
			if !a.flags.quiet {
				a.say("%s already has a spec, in %s", live.Key.ID, file)
			}
			continue
		}
		if err := a.importOne(l, have, dir, prefixOf(live, scopes)+specName(live), live); err != nil {
			a.say("%v", err)
			failed++
			continue
		}
		written++
	}
	if !a.flags.quiet {
		a.say("%s", importSummary(dir, written, there, failed, len(all.Leaving), all.Managed))
	}
	return outcome(failed > 0, false)
}

// importSummary counts what became of the keys of an import.
func importSummary(dir string, written, there, failed, leaving, managed int) string {
	text := fmt.Sprintf("%s written to %s", count(written, "spec", "specs"), filepath.ToSlash(dir))
	for _, part := range []struct {
		n    int
		text string
	}{{there, "there already"}, {failed, "failed"}, {leaving, "to be deleted"}, {managed, "AWS managed"}} {
		if part.n > 0 {
			text += fmt.Sprintf(", %d %s", part.n, part.text)
		}
	}
	return text
}

// everyKey reads the keys of the scopes with a bar.
func (a *app) everyKey(ctx context.Context, cloud *push.Cloud, scopes []push.Scope) (push.Imports, error) {
	var progress bar
	all, err := cloud.All(ctx, scopes, func(total int) { progress = a.bar(total, "reading keys") }, func() { progress.step() })
	progress.close()
	return all, err
}

// importOne writes one key's spec into a file of a folder that is not there yet.
func (a *app) importOne(l *keypolicy.Linter, have *desired.Specs, dir, base string, live push.LiveKey) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%s: its policy could not be imported, by a fault of keypolicy: %v", live.Key.ID, fault)
		}
	}()
	name := base
	for n := 2; ; n++ {
		file := filepath.Join(dir, name+".keypolicy.yaml")
		if have.Free(file) {
			have.Wrote(file)
			return a.imported(l, live.Key.ID, file, live.Document, live.Key)
		}
		if have.Keyless(file) { // it may be the key's own
			return fmt.Errorf("%s already exists and names no key, so %s is not imported: write `key` into it, or move it away", filepath.ToSlash(file), live.Key.ID)
		}
		name = fmt.Sprintf("%s-%d", base, n)
	}
}

// specName names a spec after the key's first alias, or its id.
func specName(live push.LiveKey) string {
	name := strings.TrimPrefix(live.Key.Alias, "alias/")
	if name == "" {
		arn, _ := policy.ParseARN(live.ARN)
		name = strings.TrimPrefix(arn.Resource, "key/")
	}
	return strings.ReplaceAll(name, "/", "-")
}

// prefixOf distinguishes the specs of several accounts and Regions: compiled policies have their files' names.
func prefixOf(live push.LiveKey, scopes []push.Scope) string {
	prefix := ""
	differs := func(of func(push.Scope) string) bool {
		return slices.ContainsFunc(scopes, func(s push.Scope) bool { return of(s) != of(scopes[0]) })
	}
	if differs(func(s push.Scope) string { return s.Account }) {
		prefix += live.Key.Account + "-"
	}
	if differs(func(s push.Scope) string { return s.Region }) {
		prefix += live.Key.Region + "-"
	}
	return prefix
}
