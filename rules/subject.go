package rules

import (
	"fmt"
	"slices"
	"strings"
)

// Subject is what a rule evaluates: what its input is.
type Subject string

// The subjects of rules.
const (
	Statement    Subject = "statement"    // one statement of a compiled policy
	Policy       Subject = "policy"       // one compiled policy
	Spec         Subject = "spec"         // one spec as it is written
	Files        Subject = "files"        // all files of one run
	Suppressions Subject = "suppressions" // what suppresses findings in one run, once all others are made
)

// Subjects are all subjects, in the order in which they are evaluated.
var Subjects = [...]Subject{Spec, Policy, Statement, Files, Suppressions}

func isSubject(name string) bool { return slices.Contains(Subjects[:], Subject(name)) }

// Part is a part of what a policy means: input.access, and input.statement.access.
type Part string

// The parts. Each is worked out where a rule that is asked waits for it or reads it.
const (
	PartLockout        Part = "lockout"
	PartExternal       Part = "external"
	PartPublic         Part = "public"
	PartStranger       Part = "stranger"        // of statements: whether one lets in somebody whom nothing names
	PartConfusedDeputy Part = "confused_deputy" // of the policy and of statements
	PartStatements     Part = "statements"      // of statements: live, never_matches …
	PartMatrix         Part = "matrix"
	PartAble           Part = "able"       // whether anyone is left for what a key needs someone for
	PartUnattested     Part = "unattested" // how the key is used past the attestation that the policy requires
	PartLeft           Part = "left"       // of principals: what conditions and Deny statements leave them
)

var allParts = []Part{
	PartLockout, PartExternal, PartPublic, PartStranger, PartConfusedDeputy, PartStatements, PartMatrix, PartAble, PartUnattested, PartLeft,
}

// accessPrefix is before a part where it is a trigger, and where `needs` has it.
const accessPrefix = "access."

// today is the name of a part of access, with "access." before it or not, for one that it had before.
func today(name string) string {
	if strings.TrimPrefix(name, accessPrefix) == "outsider" {
		return strings.TrimSuffix(name, "outsider") + string(PartStranger)
	}
	return name
}

// readParts reads names of parts, with or without "access." before them; "access" is all of them.
func readParts(names []string) ([]Part, error) {
	var parts []Part
	for _, name := range names {
		part := Part(strings.TrimPrefix(today(name), accessPrefix))
		switch {
		case name == "access" || name == "all":
			parts = append(parts, allParts...)
		case slices.Contains(allParts, part):
			parts = append(parts, part)
		default:
			return nil, fmt.Errorf("custom.access has %q: write all, or some of %s", name, partNames())
		}
	}
	return parts, nil
}

func partNames() string {
	names := make([]string, len(allParts))
	for i, p := range allParts {
		names[i] = string(p)
	}
	return strings.Join(names, ", ")
}

// reads are the parts of access that a rule reads.
func (r *rule) reads() []Part {
	parts := slices.Clone(r.Access)
	for _, name := range r.when.parts().names() {
		parts = append(parts, Part(strings.TrimPrefix(name, accessPrefix)))
	}
	slices.Sort(parts)
	return slices.Compact(parts)
}
