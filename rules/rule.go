package rules

import (
	"slices"
	"sync"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// lockout is the category whose errors nothing lowers.
const lockout = "lockout"

// rule is what the engine needs to know of a rule to run it.
type rule struct {
	name     string
	category string
	file     string // as errors name it
	path     string // in its folder
	text     []byte
	examples []byte // the .txtar beside it; nil where there is none
	subjects []Subject
	needed   []Need
	severity diag.Severity
	optional bool // off until the configuration turns it on
	user     bool

	reading sync.Once // of the remedy, when the first finding needs it
	remedy  string
	failed  error
}

func (r *rule) judges(s Subject) bool { return slices.Contains(r.subjects, s) }

// help is what METADATA says to do.
func (r *rule) help() (string, error) {
	r.reading.Do(func() {
		md, err := r.metadata()
		r.remedy, r.failed = md.Remedy, err
	})
	return r.remedy, r.failed
}
