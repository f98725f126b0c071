package cli

import (
	"context"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/push"
)

// specDigest is the digest of a file as it is now.
func specDigest(file string) (string, error) {
	text, err := disk.Read(file)
	return push.Digest(text), err
}

// inputs are the files beside the specs that decide what is applied: the configuration and the templates of its folders.
func inputs(c *keypolicy.Configuration) []push.Input {
	var files []string
	if c.File != "" {
		files = append(files, c.File)
	}
	for _, folder := range c.Templates {
		_ = filepath.WalkDir(filepath.FromSlash(c.Path(folder)), func(path string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(filepath.Ext(path))) {
				files = append(files, filepath.ToSlash(path))
			}
			return nil
		})
	}
	var list []push.Input
	for _, file := range files {
		if digest, err := specDigest(file); err == nil {
			list = append(list, push.Input{File: file, Digest: digest})
		}
	}
	return list
}

// compiledNow are the targets of specs as they are now, by the flags of a run that is taken up.
func (a *app) compiledNow(ctx context.Context, files []string, flags push.Flags) ([]push.Target, error) {
	given := a.flags.key
	defer func() { a.flags.key = given }()
	k := &a.flags.key
	k.Account, k.Partition, k.Region, k.Key = flags.Account, flags.Partition, flags.Region, flags.Key
	asked, err := a.pushed(ctx, files)
	if err != nil {
		return nil, err
	}
	return asked.targets, nil
}
