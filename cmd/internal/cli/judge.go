package cli

import (
	"context"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// judge is the rules of a run as the road uses them.
type judge struct {
	set   *rules.Set
	user  []rules.Folder // the user's own rules
	today string
}

// newJudge loads the rules built in and those of the configuration's folders.
func newJudge(ctx context.Context, c *configuration, today string) (*judge, error) {
	options := rules.Options{Severity: c.Severity, Today: today, Limit: newPatience().limit}
	if len(c.Trust.Accounts)+len(c.Trust.Organizations) > 0 {
		options.Trust = &rules.Trust{Accounts: c.Trust.Accounts, Organizations: c.Trust.Organizations}
	}
	for _, folder := range c.Rules {
		read, err := readRules(c.path(folder))
		if err != nil {
			return nil, err
		}
		options.User = append(options.User, read)
	}
	set, err := rules.Load(ctx, options)
	if err != nil {
		return nil, err
	}
	return &judge{set: set, user: options.User, today: today}, nil
}

// document judges one document as it is written and what it compiles to.
func (j *judge) document(ctx context.Context, d *compiler.Document) (diag.List, error) {
	if d.Trial != nil {
		return j.template(ctx, d.Trial)
	}
	if d.Spec == nil && len(d.Policies) == 0 {
		return nil, nil
	}
	return j.set.Judge(ctx, judged(d))
}

func judged(d *compiler.Document) rules.Target {
	return rules.Target{Spec: d.Spec, Policies: d.Policies}
}

// template judges a template by itself. What it gives with samples says nothing of the samples.
func (j *judge) template(ctx context.Context, t *compiler.Trial) (diag.List, error) {
	found, err := j.set.Judge(ctx, rules.Target{Spec: t.Spec, Policies: t.Policies, Template: true})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(found, func(d diag.Diagnostic) bool { return !t.Told(d) }), nil
}

// files judges all files of a run together.
func (j *judge) files(ctx context.Context, all []rules.FileSummary, whole bool) (diag.List, error) {
	return j.set.JudgeFiles(ctx, all, whole)
}

// readRules reads the Rego and the examples of a folder.
func readRules(folder string) (rules.Folder, error) {
	read := rules.Folder{Name: folder, Files: map[string][]byte{}}
	err := filepath.WalkDir(linked(folder), func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return readError(filepath.Clean(path), err)
		}
		if entry.IsDir() || !isRuleFile(path) {
			return nil
		}
		text, err := readWith(path, io.ReadAll)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		read.Files[filepath.ToSlash(relative)] = text
		return nil
	})
	return read, err
}

func isRuleFile(path string) bool {
	return strings.HasSuffix(path, ".rego") || strings.HasSuffix(path, ".txtar")
}
