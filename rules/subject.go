package rules

import "slices"

// Subject is what a rule judges: what its input is.
type Subject string

// The subjects of rules.
const (
	Statement    Subject = "statement"    // one statement of a compiled policy
	Policy       Subject = "policy"       // one compiled policy
	Spec         Subject = "spec"         // one spec as it is written
	Files        Subject = "files"        // all files of one run
	Suppressions Subject = "suppressions" // what suppresses findings in one run, once all others are made
)

// Subjects are all subjects, in the order in which they are judged.
var Subjects = [...]Subject{Spec, Policy, Statement, Files, Suppressions}

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

// What rules may need of a statement, or of some statement of the policy.
const (
	NeedConditions Need = "conditions"  // a condition that somebody wrote: the one that a spec's list brings with it is none
	NeedServices   Need = "services"    // a service principal
	NeedDenies     Need = "denies"      // the effect Deny
	NeedOddActions Need = "odd_actions" // an action that is no action of KMS, or none that a key policy can allow or deny
)

// What rules may need of what the policy means, in input.access and input.statement.access: all of it or parts. It is
// worked out where an enabled rule needs it.
const (
	NeedAccess         Need = "access"
	NeedLockout        Need = "access.lockout"
	NeedExternal       Need = "access.external"
	NeedPublic         Need = "access.public"
	NeedOutsider       Need = "access.outsider"        // of statements: whether one lets an outsider in
	NeedConfusedDeputy Need = "access.confused_deputy" // of the policy and of statements
	NeedStatements     Need = "access.statements"      // of statements: live, never_matches …
	NeedMatrix         Need = "access.matrix"
	NeedAble           Need = "access.able"       // whether anyone is left for what a key needs someone for
	NeedUnattested     Need = "access.unattested" // how the key is used past the attestation that the policy asks for
)

var accessParts = [...]Need{
	NeedLockout, NeedExternal, NeedPublic, NeedOutsider, NeedConfusedDeputy, NeedStatements, NeedMatrix,
	NeedAble, NeedUnattested,
}

// isAccess says whether it is data to be worked out, and no element that must be there.
func (n Need) isAccess() bool { return n == NeedAccess || slices.Contains(accessParts[:], n) }

// needNames is how METADATA may name them.
const needNames = "conditions, services, denies, odd_actions, access or a part of it, access.lockout, access.external, access.public, " +
	"access.outsider, access.confused_deputy, access.statements, access.matrix, access.able, access.unattested"

func isNeed(name string) bool {
	switch n := Need(name); n {
	case NeedConditions, NeedServices, NeedDenies, NeedOddActions:
		return true
	default:
		return n.isAccess()
	}
}
