package keypolicy

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/rules"
)

// enforced are the least severities of rules that configurations enforce. Where both do, the stricter counts.
func enforced(c, other *Configuration) map[string]string {
	list := maps.Clone(c.Enforce)
	if other == nil {
		return list
	}
	if list == nil {
		list = map[string]string{}
	}
	for rule, severity := range other.Enforce {
		own, _ := diag.ParseSeverity(list[rule])
		if least, _ := diag.ParseSeverity(severity); least > own {
			list[rule] = severity
		}
	}
	return list
}

// enforcedBy is the configuration with what another one that enforces rules changes of it: whom it trusts, and which files are read.
func (c *Configuration) enforcedBy(other *Configuration) *Configuration {
	limited := *c.trustingAtMost(other.Trust)
	limited.include = spec.NewPatterns(slices.Concat(c.Include, other.Include)...)
	return &limited
}

// trustingAtMost is the configuration with its trust, that of folders too, limited to whom another one trusts. Where that names
// nobody, the configuration's own counts; where they have nobody in common, the other's does.
func (c *Configuration) trustingAtMost(most spec.Trust) *Configuration {
	if len(most.Accounts)+len(most.Organizations) == 0 {
		return c
	}
	limited := *c
	limited.Trust = commonTrust(c.Trust, most)
	limited.Folders = slices.Clone(c.Folders)
	for i, f := range limited.Folders {
		if f.Trust != nil {
			trust := commonTrust(*f.Trust, most)
			limited.Folders[i].Trust = &trust
		}
	}
	return &limited
}

func commonTrust(own, most spec.Trust) spec.Trust {
	common := func(own, most []string) (list []string) {
		for _, id := range own {
			if slices.Contains(most, id) {
				list = append(list, id)
			}
		}
		return list
	}
	both := spec.Trust{Accounts: common(own.Accounts, most.Accounts), Organizations: common(own.Organizations, most.Organizations)}
	if len(both.Accounts)+len(both.Organizations) == 0 {
		return most
	}
	return both
}

// ReadEnforced reads a configuration for [Options.Enforce]. What is wrong with it is a [*ConfigurationError].
func ReadEnforced(files Files, name string) (*Configuration, error) {
	c, err := ReadConfiguration(files, name)
	var wrong *ConfigurationError
	switch {
	case errors.As(err, &wrong):
		return nil, fmt.Errorf("--enforce %s: line %d: %s", name, wrong.Findings[0].Place.Range.Start.Line, wrong.Findings[0].Message)
	case err != nil:
		return nil, err
	case len(c.Enforce) == 0:
		return nil, fmt.Errorf("--enforce %s: it enforces nothing: write the minimum severity of rules under `enforce`", name)
	}
	return c, nil
}

// standsEnforced reports whether a finding of an enforced rule is in spite of a suppression. An entry of the configuration that
// enforces the rule suppresses it; nothing else does.
func (s *suppressions) standsEnforced(d diag.Diagnostic, by *suppression) bool {
	return s.set.Enforced(d.Rule) && !by.enforcing
}

// enforcing are the entries of `ignore` of the configuration that enforces. Their paths are those of the repository.
func (s *suppressions) enforcing(c, other *Configuration) {
	if other == nil {
		for _, one := range s.configured {
			one.enforcing = true
		}
		return
	}
	for _, entry := range other.Ignore {
		one := s.entry(other, entry)
		one.enforcing, one.shared = true, true
		if patterns := spec.NewPatterns(entry.Path); entry.Path != "" {
			one.matches = func(file string) bool { return c.matches(patterns, file) }
		}
		s.configured = append(s.configured, one)
	}
}

// keepEnforced takes findings of enforced rules out of what a repository's own baseline knows.
func (m *BaselineMatch) keepEnforced(set *rules.Set) {
	var known diag.List
	for _, d := range m.Known {
		if set.Enforced(d.Rule) {
			m.New = append(m.New, d)
		} else {
			known = append(known, d)
		}
	}
	m.Known = known
	m.New.Sort()
}
