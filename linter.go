package keypolicy

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"sync"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/rules"
)

// Linter reads, compiles and checks key policies by one configuration. It is safe for concurrent use.
type Linter struct {
	Configuration *Configuration

	files    Files
	opts     Options
	compile  compiler.Options                // without what the configuration gives
	fallback string                          // the Region that counts last
	comments map[string][]source.Suppression // of templates, by file
	rules    *ruleSet
}

// ruleSet are the rules of a linter, which are loaded when they are first asked for.
type ruleSet struct {
	once sync.Once
	set  *rules.Set
	user []rules.Folder
	err  error
}

// New reads the configuration and the templates of its folders. What is wrong with the configuration is a
// [*ConfigurationError].
func New(opts Options) (*Linter, error) {
	if opts.Files.FS == nil {
		opts.Files.FS = noFiles{}
	}
	c := opts.Configuration
	if c == nil {
		read, err := ReadConfiguration(opts.Files, "")
		if err != nil {
			return nil, err
		}
		c = read
	}
	if opts.Enforce != nil {
		c = c.enforcedBy(opts.Enforce)
	}
	l := &Linter{Configuration: c, files: opts.Files, opts: opts, rules: &ruleSet{}}
	templates, faults := l.library()
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	l.compile = compiler.Options{Flags: opts.Key, Templates: templates}
	for _, text := range opts.UsedBy {
		use, err := compiler.ParseUse(text)
		if err != nil {
			return nil, err
		}
		l.compile.UsedBy = append(l.compile.UsedBy, use)
	}
	return l, nil
}

// noFiles is a file system without files.
type noFiles struct{}

// Open finds nothing.
func (noFiles) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// CompilerOptions are what the linter gives to the compiler with a file of the name; "" is one of no folder.
func (l *Linter) CompilerOptions(name string) compiler.Options {
	o := l.compile
	o.Configuration = l.Configuration.of(name).key
	o.Configuration.Region = cmp.Or(o.Configuration.Region, l.fallback)
	o.Keys = l.Configuration.keysOf(name)
	o.PlanModule = l.planModule
	return o
}

// WithRegion is the linter with a Region that counts last, after the configuration's.
func (l *Linter) WithRegion(region string) *Linter {
	with := *l
	with.fallback = region
	return &with
}

// WithKey is the linter with other [Options.Key].
func (l *Linter) WithKey(key compiler.Defaults) *Linter {
	with := *l
	with.compile.Flags = key
	return &with
}

// Rules are the rules built in and those of the configuration's folders, as it sets them. An error is in a rule of a user's own.
func (l *Linter) Rules(ctx context.Context) (*rules.Set, error) {
	r := l.rules
	r.once.Do(func() { r.set, r.user, r.err = loadRules(ctx, l.Configuration, l.opts) })
	return r.set, r.err
}

// Load loads the rules, as a run does, and holds the configuration against them: a rule that it names and that there is not
// is a [*ConfigurationError].
func (l *Linter) Load(ctx context.Context) (*rules.Set, error) {
	set, err := l.Rules(ctx)
	if err != nil {
		return nil, err
	}
	found := unknownRules(l.Configuration, set)
	if l.opts.Enforce != nil {
		found = append(found, unknownRules(l.opts.Enforce, set)...)
	}
	if len(found) == 0 {
		return set, nil
	}
	lines := Lines{}
	lines.complete(found, newFileTexts(nil, l.files))
	return nil, &ConfigurationError{Findings: found, Lines: lines}
}

// UserRules are the user's own rules, once they are loaded.
func (l *Linter) UserRules() []rules.Folder { return l.rules.user }

// checkDocument evaluates one document as it is written and what it compiles to.
func checkDocument(ctx context.Context, set *rules.Set, d *compiler.Document) (diag.List, error) {
	if d.Sample != nil {
		return checkTemplate(ctx, set, d.Sample)
	}
	if d.Spec == nil && len(d.Policies) == 0 {
		return nil, nil
	}
	return set.Evaluate(ctx, rules.Target{Spec: d.Spec, Policies: d.Policies})
}
