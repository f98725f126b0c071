package rules

// Subject is what a rule judges: what its input is.
type Subject string

// The subjects of rules.
const (
	Statement Subject = "statement" // one statement of a compiled policy
	Policy    Subject = "policy"    // one compiled policy
	Spec      Subject = "spec"      // one spec as it is written
	Files     Subject = "files"     // all files of one run
)

// Subjects are all subjects, in the order in which they are judged.
var Subjects = [...]Subject{Spec, Policy, Statement, Files}

func isSubject(name string) bool {
	for _, s := range Subjects {
		if string(s) == name {
			return true
		}
	}
	return false
}

// Need is what a rule needs, so that it is not run, and not even compiled, where there is nothing for it to judge.
type Need string

// What rules may need. Access is data to be worked out; the others are elements that a statement, or a
// statement of the policy, must have.
const (
	NeedAccess     Need = "access"     // what the policy allows, in input.access and input.statement.access
	NeedConditions Need = "conditions" // a condition
	NeedServices   Need = "services"   // a service principal
	NeedDenies     Need = "denies"     // the effect Deny
)

func isNeed(name string) bool {
	switch Need(name) {
	case NeedAccess, NeedConditions, NeedServices, NeedDenies:
		return true
	}
	return false
}
