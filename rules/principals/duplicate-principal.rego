# METADATA
# title: Duplicate principal
# description: >-
#   A principal that is listed twice has no more access than one that is listed once. Often one of the two was meant
#   to be another principal, and removing only one of them removes no access.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
# custom:
#   severity: warning
#   subject: [spec, statement]
#   when: [repeated_principals]
#   remedy: Remove one, or write what was meant.
package keypolicy.rules.principals["duplicate-principal"]

import data.keypolicy.lib

findings contains _finding(earlier, later) if {
	entries := input.spec.entries
	some side in {"admins", "users"}
	some [earlier, later] in _repeats([e | some e in entries; e.side == side; e.kind != "parameter"])
}

findings contains _finding(earlier, later) if {
	some list in [input.statement.principals, input.statement.not_principals]
	some [earlier, later] in _repeats([p | some p in list; p.list == ""; p.text != ""])
}

# Sorted, equal ones are side by side: a list of hundreds is looked through once.
_repeats(list) := [[list[a[1]], list[b[1]]] |
	sorted := sort([[p.same, i] | some i, p in list])
	some n, b in sorted
	a := sorted[n - 1]
	a[0] == b[0]
]

_finding(earlier, later) := lib.pair(lib.at(later.path, _message(earlier, later)), earlier.path, "it is listed here already")

_message(earlier, later) := sprintf("`%s` is listed twice", [later.text]) if earlier.text == later.text

_message(earlier, later) := sprintf("`%s` and `%s` are the same principal", [earlier.text, later.text]) if {
	earlier.text != later.text
}
