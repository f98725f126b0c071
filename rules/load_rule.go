package rules

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"sync"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// Lockout is the category whose errors nothing lowers.
const Lockout = "lockout"

// rule is what the engine needs to know of a rule to run it.
type rule struct {
	Metadata        // but for its texts, and what `when` names of access
	path     string // in its folder
	text     []byte // of a user's own; nil where it is read when the rule is asked
	examples []byte // the .txtar next to it; nil where there is none
	when     when
	fields   string                 // of the input that it reads, separated by spaces; "" where that is not known
	needs    bool                   // its METADATA has the older field
	holes    bool                   // it sees what is not known before a run as it is, and not filled in
	help     func() (string, error) // what METADATA says to do, read when the first finding needs it
}

func (r *rule) appliesTo(s Subject) bool { return slices.Contains(r.Subjects, s) }

// newRule makes a rule of the custom fields of its METADATA.
func newRule(file, path string, custom map[string]any) (*rule, error) {
	r := &rule{Metadata: Metadata{File: file, Enabled: true}, path: path}
	for _, name := range [...]string{"severity", "subject", "when", "access", "needs", "enabled", "aliases", "holes"} {
		if value, ok := custom[name]; ok {
			if err := r.set(name, words(value)); err != nil {
				return nil, err
			}
		}
	}
	return r, nil
}

// set takes one field of METADATA's custom.
func (r *rule) set(name string, values []string) (err error) {
	switch name {
	case "severity":
		var ok bool
		if r.Severity, ok = diag.ParseSeverity(values[0]); !ok {
			return fmt.Errorf("custom.severity is %q: write error, warning or info", values[0])
		}
	case "subject":
		for _, v := range values {
			if !isSubject(v) {
				return fmt.Errorf("custom.subject is %q: write statement, policy, spec, files or suppressions", v)
			}
			r.Subjects = append(r.Subjects, Subject(v))
		}
	case "when":
		r.when, err = readWhen(values)
	case "access":
		r.Access, err = readParts(values)
	case "needs":
		return r.setNeeds(values)
	case "aliases":
		r.Aliases = values
	case "enabled":
		r.Enabled = values[0] != "false"
	case "holes":
		if values[0] != "true" && values[0] != "false" {
			return fmt.Errorf("custom.holes is %q: write true or false", values[0])
		}
		r.holes = values[0] == "true"
	}
	return err
}

// setNeeds reads the older field: what a rule waits for, all of it, and the parts of access that it reads.
func (r *rule) setNeeds(values []string) error {
	r.needs = true
	var waits triggerSet
	for _, v := range values {
		parts, err := readParts([]string{v})
		one, unknown := readTrigger(v)
		switch {
		case err == nil:
			r.Access = append(r.Access, parts...)
		case unknown != nil:
			return fmt.Errorf("custom.needs has %q: write `when` with what the rule waits for, or `access` with what it reads of it", v)
		default:
			waits |= one
		}
	}
	if waits != 0 {
		r.when = when{waits}
	}
	return nil
}

// finish takes the rule's name and looks whether all is there.
func (r *rule) finish(category, name string) error {
	r.Category, r.Name = category, name
	r.help = sync.OnceValues(func() (string, error) {
		md, err := r.metadata()
		return md.Remedy, err
	})
	switch {
	case path.Base(r.path) != name+".rego":
		return fmt.Errorf("the rule is named %s, so its file is %s.rego", name, name)
	case r.Severity == 0:
		return errors.New("METADATA has no custom.severity")
	case r.Subjects == nil:
		return errors.New("METADATA has no custom.subject")
	}
	return nil
}
