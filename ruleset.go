package keypolicy

import (
	"context"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/rules"
)

// loadRules loads the rules built in and those of the configuration's folders.
func loadRules(ctx context.Context, c *Configuration, o Options) (*rules.Set, []rules.Folder, error) {
	options := rules.Options{Severity: c.Severity, AtLeast: enforced(c, o.Enforce), Trust: trustOf(c.Trust), Today: o.Today, Limit: o.Limit, Print: o.Print}
	var folders []string
	files := map[string]Files{}
	for _, from := range []*Configuration{c, o.Enforce} {
		if from == nil {
			continue
		}
		for _, folder := range from.Rules {
			if name := from.Path(folder); !slices.Contains(folders, name) {
				folders = append(folders, name)
				files[name] = from.files
			}
		}
	}
	for _, folder := range folders {
		read, err := files[folder].ReadRules(folder)
		if err != nil {
			return nil, nil, err
		}
		options.User = append(options.User, read)
	}
	set, err := rules.Load(ctx, options)
	return set, options.User, err
}

// trustOf is whom a configuration trusts; nil where it names nobody.
func trustOf(t spec.Trust) *rules.Trust {
	if len(t.Accounts)+len(t.Organizations) == 0 {
		return nil
	}
	return &rules.Trust{Accounts: t.Accounts, Organizations: t.Organizations}
}

// trusting are a set of rules with what the folders of a configuration trust.
type trusting struct {
	base          *rules.Set
	configuration *Configuration

	mu    sync.Mutex
	known map[string]*rules.Set
}

func newTrusting(set *rules.Set, c *Configuration) *trusting {
	return &trusting{base: set, configuration: c, known: map[string]*rules.Set{}}
}

// of is the set for a file.
func (t *trusting) of(name string) *rules.Set {
	trust := t.configuration.of(name).trust
	key := strings.Join(trust.Accounts, " ") + "/" + strings.Join(trust.Organizations, " ")
	if own := t.configuration.Trust; slices.Equal(trust.Accounts, own.Accounts) && slices.Equal(trust.Organizations, own.Organizations) {
		return t.base
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known[key] == nil {
		t.known[key] = t.base.WithTrust(trustOf(trust))
	}
	return t.known[key]
}

// checkTemplate evaluates a template by itself.
func checkTemplate(ctx context.Context, set *rules.Set, t *compiler.SampleCompile) (diag.List, error) {
	found, err := set.Evaluate(ctx, rules.Target{Spec: t.Spec, Policies: t.Policies, Template: true})
	var pairs []string
	for _, reference := range slices.Sorted(maps.Keys(t.StandIns)) {
		pairs = append(pairs, t.StandIns[reference], reference)
	}
	references := strings.NewReplacer(pairs...)
	for i := range found {
		showReferences(&found[i], references)
	}
	return found, err
}

// showReferences writes the references of a template in place of what they are taken for.
func showReferences(d *diag.Diagnostic, r *strings.Replacer) {
	d.Message, d.Help = r.Replace(d.Message), r.Replace(d.Help)
	d.Related = slices.Clone(d.Related)
	for i := range d.Related {
		d.Related[i].Message = r.Replace(d.Related[i].Message)
	}
	d.Edits = slices.Clone(d.Edits)
	for i := range d.Edits {
		d.Edits[i].Text = r.Replace(d.Edits[i].Text)
	}
	if d.Witness != nil {
		w := *d.Witness
		w.Principal = r.Replace(w.Principal)
		w.Context = maps.Clone(w.Context)
		for key, values := range w.Context {
			values = slices.Clone(values)
			for i := range values {
				values[i] = r.Replace(values[i])
			}
			w.Context[key] = values
		}
		d.Witness = &w
	}
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
