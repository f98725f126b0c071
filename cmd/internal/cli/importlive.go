package cli

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/keypolicy/keypolicy/cmd/internal/push"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

func (a *app) importKey(ctx context.Context, r *reader, f *importing, name string) error {
	cloud, err := a.open(ctx, r.configuration)
	if err != nil {
		return err
	}
	flags, config := r.options.Flags, r.options.Configuration
	key := policy.Key{ID: name, Account: cmp.Or(flags.Account, config.Account), Region: cmp.Or(flags.Region, config.Region)}
	arn, isARN := policy.ParseARN(name)
	if isARN { // it says both, and a flag that contradicts it is told of
		key.Account, key.Region = cmp.Or(flags.Account, arn.Account), cmp.Or(flags.Region, arn.Region)
	}
	if alias := cmp.Or(arn.Resource, name); strings.HasPrefix(alias, "alias/") {
		key.Alias = alias
	}
	live, err := cloud.Read(ctx, key)
	if err != nil {
		return err
	}
	return a.imported(r, name, f.output, live.Document, live.Key)
}

// importAll writes a spec for each key; one that cannot be does not keep the others from it.
func (a *app) importAll(ctx context.Context, r *reader, dir string) error {
	cloud, err := a.open(ctx, r.configuration)
	if err != nil {
		return err
	}
	flags, config := r.options.Flags, r.options.Configuration
	var progress bar
	all, err := cloud.All(ctx, cmp.Or(flags.Account, config.Account), cmp.Or(flags.Region, config.Region),
		func(total int) { progress = a.bar(total, "reading keys") }, func() { progress.step() })
	progress.close()
	if err != nil {
		return err
	}
	if err := all.None(); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("%s: the folder cannot be made: %w", dir, plain(err))
	}
	failed := len(all.Failed) > 0
	for _, err := range all.Failed {
		a.say("%v", err)
	}
	for _, arn := range all.Leaving {
		a.say("%s is to be deleted, and is left out", arn)
	}
	names := specNames(all.Keys)
	for i, live := range all.Keys {
		if err := a.imported(r, live.Key.ID, filepath.Join(dir, names[i]), live.Document, live.Key); err != nil {
			a.say("%v", err)
			failed = true
		}
	}
	return outcome(failed, false)
}

// specNames name a file for each key after its alias, or its id; of two alike the second gets a number.
func specNames(keys []push.LiveKey) []string {
	names := make([]string, len(keys))
	taken := map[string]bool{}
	for i, k := range keys {
		name := strings.TrimPrefix(k.Key.Alias, "alias/")
		if name == "" {
			arn, _ := policy.ParseARN(k.Key.ID)
			name = strings.TrimPrefix(arn.Resource, "key/")
		}
		name = strings.ReplaceAll(name, "/", "-")
		base := name
		for n := 2; taken[strings.ToLower(name)]; n++ { // file systems may not tell case apart
			name = fmt.Sprintf("%s-%d", base, n)
		}
		taken[strings.ToLower(name)] = true
		names[i] = name + ".keypolicy.yaml"
	}
	return names
}
