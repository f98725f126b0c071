package keypolicy

import (
	"context"
	"io/fs"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// loadRules loads the rules built in and those of the configuration's folders.
func loadRules(ctx context.Context, c *Configuration, o Options) (*rules.Set, []rules.Folder, error) {
	options := rules.Options{Severity: c.Severity, Trust: trustOf(c), Today: o.Today, Limit: o.Limit}
	for _, folder := range c.Rules {
		read, err := o.Files.ReadRules(c.Path(folder))
		if err != nil {
			return nil, nil, err
		}
		options.User = append(options.User, read)
	}
	set, err := rules.Load(ctx, options)
	return set, options.User, err
}

// trustOf is whom a configuration trusts; nil where it names nobody.
func trustOf(c *Configuration) *rules.Trust {
	if len(c.Trust.Accounts)+len(c.Trust.Organizations) == 0 {
		return nil
	}
	return &rules.Trust{Accounts: c.Trust.Accounts, Organizations: c.Trust.Organizations}
}

// judgeTemplate judges a template by itself. What it gives with samples says nothing of the samples.
func judgeTemplate(ctx context.Context, set *rules.Set, t *compiler.Trial) (diag.List, error) {
	found, err := set.Judge(ctx, rules.Target{Spec: t.Spec, Policies: t.Policies, Template: true})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(found, func(d diag.Diagnostic) bool { return !t.Told(d) }), nil
}

// ReadRules reads the Rego and the examples of a folder.
func (f Files) ReadRules(folder string) (rules.Folder, error) {
	read := rules.Folder{Name: folder, Files: map[string][]byte{}}
	start := f.path(folder)
	err := f.walk(folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return ReadError(name, err)
		}
		if entry.IsDir() || !isRuleFile(name) {
			return nil
		}
		text, err := f.ReadLarge(name)
		if err != nil {
			return err
		}
		read.Files[relative(start, f.path(name))] = text
		return nil
	})
	return read, err
}

func isRuleFile(name string) bool {
	return strings.HasSuffix(name, ".rego") || strings.HasSuffix(name, ".txtar")
}
