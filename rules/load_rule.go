package rules

import (
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
	name     string
	category string
	aliases  []string // names that it, or a part of it, had before
	file     string   // as errors name it
	path     string   // in its folder
	text     []byte   // of a user's own; nil where it is read when the rule is asked
	examples []byte   // the .txtar beside it; nil where there is none
	subjects []Subject
	when     when
	parts    []Part // of what access says that it reads besides those that it waits for
	fields   string // of the input that it reads, separated by spaces; "" where that is not known
	needs    bool   // its METADATA has the older field
	severity diag.Severity
	optional bool // off until the configuration turns it on
	user     bool
	holes    bool // it sees what is not known before a run as it is, and not filled in

	reading sync.Once // of the remedy, when the first finding needs it
	remedy  string
	failed  error
}

func (r *rule) judges(s Subject) bool { return slices.Contains(r.subjects, s) }

// set takes one field of METADATA's custom.
func (r *rule) set(name string, values []string) error {
	switch name {
	case "severity":
		severity, ok := diag.ParseSeverity(values[0])
		if !ok {
			return fmt.Errorf("custom.severity is %q: write error, warning or info", values[0])
		}
		r.severity = severity
	case "subject":
		for _, v := range values {
			if !isSubject(v) {
				return fmt.Errorf("custom.subject is %q: write statement, policy, spec, files or suppressions", v)
			}
			r.subjects = append(r.subjects, Subject(v))
		}
	case "when":
		w, err := readWhen(values)
		if err != nil {
			return err
		}
		r.when = w
	case "access":
		parts, err := readParts(values)
		if err != nil {
			return err
		}
		r.parts = parts
	case "needs":
		return r.setNeeds(values)
	case "aliases":
		r.aliases = values
	case "enabled":
		r.optional = values[0] == "false"
	case "holes":
		if values[0] != "true" && values[0] != "false" {
			return fmt.Errorf("custom.holes is %q: write true or false", values[0])
		}
		r.holes = values[0] == "true"
	}
	return nil
}

// setNeeds reads the older field: what a rule waits for, all of it, and the parts of access that it reads.
func (r *rule) setNeeds(values []string) error {
	r.needs = true
	var waits triggerSet
	for _, v := range values {
		switch parts, err := readParts([]string{v}); {
		case err == nil:
			r.parts = append(r.parts, parts...)
		default:
			t, err := readTrigger(v)
			if err != nil {
				return fmt.Errorf("custom.needs has %q: write `when` with what the rule waits for, or `access` with what it reads of it", v)
			}
			waits |= t.set()
		}
	}
	if waits != 0 {
		r.when = when{waits}
	}
	return nil
}

// finish takes the rule's name and looks whether all is there.
func (r *rule) finish(category, name string) error {
	r.category, r.name = category, name
	switch {
	case path.Base(r.path) != name+".rego":
		return fmt.Errorf("the rule is named %s, so its file is %s.rego", name, name)
	case r.severity == 0:
		return fmt.Errorf("METADATA has no custom.severity")
	case r.subjects == nil:
		return fmt.Errorf("METADATA has no custom.subject")
	}
	return nil
}

// help is what METADATA says to do.
func (r *rule) help() (string, error) {
	r.reading.Do(func() {
		md, err := r.metadata()
		r.remedy, r.failed = md.Remedy, err
	})
	return r.remedy, r.failed
}
