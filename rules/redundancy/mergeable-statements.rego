# METADATA
# title: Statements that can be merged
# description: >-
#   Two statements differ only in their principals, or only in their actions. One statement has the same effect, and
#   keeps the policy short.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
# custom:
#   severity: info
#   subject: policy
#   enabled: false
#   remedy: Write one statement with the principals, or the actions, of both.
package keypolicy.rules.redundancy["mergeable-statements"]

import data.keypolicy.lib

findings contains _finding(pair, "principals") if {
	some pair in _neighbours([[json.marshal([lib.actions_of(st), lib.rest_of(st)]), st.index] | some st in _plain])
}

findings contains _finding(pair, "actions") if {
	some pair in _neighbours([[json.marshal([lib.names_of(st), lib.rest_of(st)]), st.index] | some st in _plain])
}

_plain := [st |
	some st in input.policy.statements
	count(st.not_principals) == 0
	count(st.not_actions) == 0
]

_neighbours(texts) := {[a[1], b[1]] |
	sorted := sort(texts)
	some n, b in sorted
	a := sorted[n - 1]
	a[0] == b[0]
	lib.said(input.policy.statements[a[1]]) != lib.said(input.policy.statements[b[1]]) # another rule reports it
}

_finding([i, j], what) := lib.pair(lib.at(later.path, message), earlier.path, "this is the other one") if {
	earlier := input.policy.statements[i]
	later := input.policy.statements[j]
	message := sprintf("statements %s and %s differ only in their %s: one statement says the same", [lib.name(earlier), lib.name(later), what])
}
