package rules

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// Folder is a folder of a user's own rules, read.
type Folder struct {
	Name  string
	Files map[string][]byte // by their path in the folder
}

// Trust names who is not a surprise.
type Trust struct {
	Accounts      []string
	Organizations []string
}

// Options say which rules there are and what they know of their surroundings.
type Options struct {
	User     []Folder          // the user's own
	Severity map[string]string // by rule: off, info, warning or error
	AtLeast  map[string]string // by rule, what the configuration cannot lower: info, warning or error
	Trust    *Trust            // nil where the configuration has none
	Today    string            // for date conditions, as 2026-01-31
	Limit    Limit             // of one query of rules; nil for none
	Print    func(Printed)     // takes what rules print(), from several goroutines; nil leaves print() out
	Only     string            // the one rule that is run, turned off or not; "" runs all that are on
	AskAll   bool              // ask every rule about everything, whatever it waits for: what `when` leaves out must find nothing
}

// Off is the severity of a rule that is turned off.
const Off = "off"

// Set is the rules of a run. It is safe for concurrent use.
type Set struct {
	opts  Options
	rules []*rule             // by name
	asked map[Subject][]*rule // those that are on
	ready *programs           // of the rules about one target

	// across is of those about a run as a whole: they are asked once, after all others, which need not be compiled again with them.
	across *programs
	input  *inputs
	plans  *plans
}

// Load reads the rules. The user's own are checked in full; those built in have been by the tests.
func Load(ctx context.Context, opts Options) (*Set, error) {
	all, libraries, err := readIndex()
	if err != nil {
		return nil, err
	}
	return load(ctx, opts, all, libraries)
}

// load makes a set of the rules built in and the user's own.
func load(ctx context.Context, opts Options, all []*rule, libraries []library) (*Set, error) {
	for name, severity := range opts.Severity {
		if _, ok := diag.ParseSeverity(severity); !ok && severity != Off {
			return nil, errorf("severity of %s: %q is none of off, info, warning, error", name, severity)
		}
	}
	for name, severity := range opts.AtLeast {
		if _, ok := diag.ParseSeverity(severity); !ok {
			return nil, errorf("enforced severity of %s: %q is none of info, warning, error", name, severity)
		}
	}
	user, libraries, err := readUser(opts.User, all, libraries)
	if err != nil {
		return nil, err
	}
	if err := checkUser(ctx, user, libraries); err != nil {
		return nil, err
	}
	all = append(all, user...)
	slices.SortFunc(all, func(a, b *rule) int { return strings.Compare(a.Name, b.Name) })
	s := &Set{opts: opts, rules: all, asked: map[Subject][]*rule{}, input: newInputs(opts), plans: &plans{known: map[string]*plan{}}}
	if len(all) == 0 {
		return nil, errors.New("no rule was loaded: nothing would be checked")
	}
	for _, r := range all {
		if !s.enabled(r) {
			continue
		}
		for _, subject := range r.Subjects {
			s.asked[subject] = append(s.asked[subject], r)
		}
	}
	s.ready = &programs{libraries: libraries, limit: opts.Limit, print: opts.Print, all: slices.Concat(s.asked[Spec], s.asked[Policy], s.asked[Statement])}
	s.across = &programs{libraries: libraries, limit: opts.Limit, print: opts.Print, all: slices.Concat(s.asked[Files], s.asked[Suppressions])}
	return s, nil
}

// WithTrust is the set with others who are trusted.
func (s *Set) WithTrust(trust *Trust) *Set {
	with := *s
	with.opts.Trust = trust
	with.input = newInputs(with.opts)
	return &with
}

// Has reports whether the set has a rule of the name, turned off or not.
func (s *Set) Has(name string) bool { return s.rule(name) != nil }

// Formerly lists the rules that have a name as an alias.
func (s *Set) Formerly(name string) []string {
	var names []string
	for _, r := range s.rules {
		if slices.Contains(r.Aliases, name) {
			names = append(names, r.Name)
		}
	}
	return names
}

// Aliases lists the names that a rule, or a part of it, had before.
func (s *Set) Aliases(rule string) []string {
	if r := s.rule(rule); r != nil {
		return r.Aliases
	}
	return nil
}

// Means reports whether a name represents a rule: its own, or an alias.
func (s *Set) Means(name, rule string) bool {
	if name == rule {
		return true
	}
	r := s.rule(rule)
	return r != nil && slices.Contains(r.Aliases, name)
}

// configured is the severity that the configuration gives a rule, by its name or by an alias.
func (s *Set) configured(r *rule) (severity string, ok bool) { return r.lookup(s.opts.Severity) }

// lookup is what is given for a rule, by its name or by an alias.
func (r *rule) lookup(given map[string]string) (value string, ok bool) {
	if value, ok = given[r.Name]; ok {
		return value, true
	}
	for _, alias := range r.Aliases {
		if value, ok = given[alias]; ok {
			return value, true
		}
	}
	return "", false
}

// Severity is that of a rule's findings; false where they are not reported.
func (s *Set) Severity(name string) (diag.Severity, bool) {
	r := s.rule(name)
	if r == nil || !s.enabled(r) {
		return 0, false
	}
	return s.severity(r, finding{})
}

// atLeast is the severity below which nothing takes a rule's findings; 0 where nothing is enforced.
func (s *Set) atLeast(r *rule) diag.Severity {
	name, _ := r.lookup(s.opts.AtLeast)
	severity, _ := diag.ParseSeverity(name) // Load has looked
	return severity
}

// Enforced reports whether the configuration cannot lower a rule's findings.
func (s *Set) Enforced(name string) bool {
	r := s.rule(name)
	return r != nil && s.atLeast(r) > 0
}

// AboutFiles reports whether findings of a rule rest on all files of a run together.
func (s *Set) AboutFiles(name string) bool {
	r := s.rule(name)
	return r != nil && r.appliesTo(Files)
}

// WithNeeds are the files of the user's rules whose METADATA has the older field `needs`.
func (s *Set) WithNeeds() []string {
	var files []string
	for _, r := range s.rules {
		if r.needs {
			files = append(files, r.File)
		}
	}
	return files
}

// Names are the names of all rules, sorted.
func (s *Set) Names() []string {
	names := make([]string, len(s.rules))
	for i, r := range s.rules {
		names[i] = r.Name
	}
	return names
}

func (s *Set) rule(name string) *rule {
	i, ok := slices.BinarySearchFunc(s.rules, name, func(r *rule, name string) int { return strings.Compare(r.Name, name) })
	if !ok {
		return nil
	}
	return s.rules[i]
}

// enabled reports whether a rule is run. A lockout rule always is: its errors cannot be turned off.
func (s *Set) enabled(r *rule) bool {
	severity, configured := s.configured(r)
	switch {
	case s.opts.Only != "":
		return r.Name == s.opts.Only && severity != Off
	case r.Category == Lockout || s.atLeast(r) > 0:
		return true
	case configured:
		return severity != Off
	default:
		return r.Enabled
	}
}
