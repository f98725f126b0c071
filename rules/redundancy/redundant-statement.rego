# METADATA
# title: Redundant statement
# description: >-
#   Other statements allow, or deny, everything that this one does. It does no harm, and removing it changes
#   nothing, but readers may take it for a limit.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-suggestion-redundant-statement
# custom:
#   aliases: [shadowed-statement]
#   severity: info
#   subject: policy
#   when: [access.statements]
#   remedy: Remove it, or narrow the other statements.
package keypolicy.rules.redundancy["redundant-statement"]

import data.keypolicy.lib

findings contains lib.alike(lib.beside_all(lib.at(lib.action_element(st), message), places), [other.path | some other in array.concat([st], others)]) if {
	some report in input.access.statements
	report.status == "redundant"
	not _duplicate(report.index)
	st := input.policy.statements[report.index]
	others := [input.policy.statements[i] | some i in report.by]
	places := [{"path": other.path, "message": "this statement covers it"} | some other in others]
	message := sprintf("statement %s %s nothing that %s not already %s", [
		lib.name(st), lib.does(st),
		_does([lib.name(other) | some other in others]),
		{"allows": "allow", "denies": "deny"}[lib.does(st)],
	])
}

_does(names) := sprintf("%s does", names) if count(names) == 1

_does(names) := sprintf("%s do", [concat(", ", names)]) if count(names) != 1

# Another rule reports it.
_duplicate(index) if {
	some [_, later] in lib.duplicates(input.policy.statements)
	later == index
}
