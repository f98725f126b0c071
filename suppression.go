package keypolicy

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/rules"
)

// suppressions are what suppresses the findings of a run: entries of the configuration's `ignore`, and the comments
// of its templates, which hold in every spec that uses the line. It is safe for concurrent use.
type suppressions struct {
	configured []*suppression
	templates  map[string][]*suppression // by file
	set        *rules.Set
	names      []string // of all rules
	today      string
	off        bool // suppressed findings are reported too

	mu      sync.Mutex
	sources map[string][]*suppression // of Terraform's files, by file
}

// suppression is one comment or one entry of the configuration.
type suppression struct {
	place      diag.Place
	configured bool
	line, last int               // of a comment: the first and the last line that it is about
	matches    func(string) bool // of an entry: the files that it is about
	resource   string            // of an entry: the keys of carriers that it is about, a pattern of addresses; "" is all
	rules      []*suppressedRule
	until      string
	reason     string
	dated      bool
	expired    bool
	enforcing  bool        // of the configuration that enforces rules: it suppresses their findings too
	shared     bool        // of a configuration that other repositories use too: it may be unused here
	partial    atomic.Bool // what it may be about was not judged in full
}

type suppressedRule struct {
	rules.Named
	used, kept atomic.Bool // see [rules.SuppressedRule]
}

// suppressions are those of a new run.
func (l *Linter) suppressions(set *rules.Set) *suppressions {
	s := newSuppressions(l.Configuration, set, l.opts)
	for file, comments := range l.comments {
		s.templates[file] = s.comments(comments)
	}
	return s
}

func newSuppressions(c *Configuration, set *rules.Set, o Options) *suppressions {
	s := &suppressions{
		set: set, names: slices.Concat(stageRules, set.Names()), templates: map[string][]*suppression{}, sources: map[string][]*suppression{}, today: o.Today, off: o.NoIgnore,
	}
	for _, entry := range c.Ignore {
		s.configured = append(s.configured, s.entry(c, entry))
	}
	s.enforcing(c, o.Enforce)
	return s
}

func (s *suppressions) entry(c *Configuration, entry spec.Ignore) *suppression {
	name := rules.Named{Text: entry.Rule, Place: entry.Node.Place}
	if node := entry.Node.Get("rule"); node != nil {
		name.Place = node.Place
	}
	one := s.one(entry.Node.Place, []rules.Named{name}, entry.Until, entry.Reason)
	one.configured = true
	one.place.File, one.rules[0].Place.File = c.Shown(), c.Shown()
	one.matches = func(string) bool { return true }
	one.resource = entry.Resource
	if entry.Path != "" {
		patterns := spec.NewPatterns(entry.Path)
		one.matches = func(file string) bool { return c.matches(patterns, file) }
	}
	return one
}

// comments are a file's own.
func (s *suppressions) comments(all []source.Suppression) []*suppression {
	list := make([]*suppression, 0, len(all))
	for _, comment := range all {
		names := make([]rules.Named, len(comment.Rules))
		for i, rule := range comment.Rules {
			names[i] = rules.Named{Text: rule, Place: comment.Places[i]}
		}
		one := s.one(comment.Place, names, comment.Until, comment.Reason)
		one.line, one.last = comment.Line, max(comment.Line, comment.Last)
		list = append(list, one)
	}
	return list
}

// of are the comments of a file that was read: a template's are known before.
func (s *suppressions) of(file *source.File) []*suppression {
	if known, ok := s.templates[file.Name]; ok {
		return known
	}
	return s.comments(file.Suppressions)
}

// ofSource are the comments of a file of Terraform, which several modules may have read.
func (s *suppressions) ofSource(file *source.File) []*suppression {
	if len(file.Suppressions) == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	have, ok := s.sources[file.Name]
	if !ok {
		have = s.comments(file.Suppressions)
		s.sources[file.Name] = have
	}
	return have
}

func (s *suppressions) one(place diag.Place, names []rules.Named, until, reason string) *suppression {
	one := &suppression{place: place, until: until, reason: strings.TrimSpace(reason)}
	for _, name := range names {
		one.rules = append(one.rules, &suppressedRule{Named: name})
	}
	if _, err := time.Parse(time.DateOnly, until); err == nil {
		one.dated, one.expired = true, until < s.today
	}
	return one
}

// isAbout reports whether an entry is about a key, by its address.
func (s *suppression) isAbout(resource string) bool {
	return s.resource == "" || resource != "" && glob.Match(s.resource, resource)
}

// holds reports whether it suppresses anything: not after its last day, nor with one that cannot be read.
func (s *suppression) holds() bool { return s.until == "" || s.dated && !s.expired }

// shown is a suppression as a finding that it suppresses names it.
func (s *suppression) shown() *diag.Suppression {
	return &diag.Suppression{Place: s.place, Configured: s.configured, Reason: s.reason, Until: s.until}
}
