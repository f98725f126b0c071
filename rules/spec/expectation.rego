# METADATA
# title: Expectation not met
# description: >-
#   The requests in expect are tests of the policy. In every Region each of them must get its expected decision, or
#   one of several. So a change of the access that the tests name is found before it is applied. The decisions are
#   those of `keypolicy simulate`, by the key policy only. This is a warning where AWS's pages leave the decision
#   open.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
# custom:
#   severity: error
#   subject: [spec, policy]
#   when: [expectations]
#   holes: true
#   remedy: >-
#     Change the policy, or the expected decision if the new one is intended. `keypolicy simulate` with the principal,
#     the action and the context explains the decision.
package keypolicy.rules.spec.expectation

import data.keypolicy.lib

findings contains _decided(outcome, lib.at(array.concat(expected.path, ["decision"]), _decision(expected, outcome))) if {
	some expected in input.spec.expect
	some outcome in expected.outcomes
	_fails(expected, outcome)
}

findings contains _refused(lib.at(array.concat(expected.path, [outcome.at]), _refusal(outcome))) if {
	some expected in input.spec.expect
	some outcome in expected.outcomes
	outcome.refused != ""
}

# Of a policy that is not a spec, the configuration's keys say what is expected.
findings contains _decided(outcome, lib.at_key(expected.path, _decision(expected, outcome))) if {
	some expected in input.policy.expect
	some outcome in expected.outcomes
	_fails(expected, outcome)
	not outcome.undecided
}

findings contains _refused(lib.at_key(expected.path, _refusal(outcome))) if {
	some expected in input.policy.expect
	some outcome in expected.outcomes
	outcome.refused != ""
}

findings contains object.union(lib.remedied(lib.because("undecided", lib.at_key(expected.path, message)), help), {"severity": "info"}) if {
	some expected in input.policy.expect
	some outcome in expected.outcomes
	_fails(expected, outcome)
	outcome.undecided
	help := "this is not a fault: the decision follows once what it depends on is known"
	message := sprintf("whether `%s` gets %s for `%s` is not known yet%s", [
		expected.principal, lib.several_or(expected.decisions), expected.action, _why(outcome),
	])
}

_fails(expected, outcome) if {
	outcome.refused == ""
	not outcome.decision in expected.decisions
}

_decision(expected, outcome) := sprintf("`%s` gets %s for `%s`%s where %s is expected%s", [
	expected.principal, lib.code(outcome.decision), expected.action, _where(outcome), lib.several_or(expected.decisions), _why(outcome),
])

_decided(outcome, finding) := object.union(
	lib.beside_all(
		lib.because("decision", finding),
		[{"path": st.path, "message": sprintf("decided by `%s`", [st.name])} | some st in outcome.statements],
	),
	_severity(outcome),
)

# What AWS's pages leave open is not an error.
_severity(outcome) := {"severity": "warning"} if outcome.open

_severity(outcome) := {} if not outcome.open

_refusal(outcome) := sprintf("the request is impossible%s: %s", [_where(outcome), outcome.refused])

_refused(finding) := lib.remedied(
	lib.because("request", finding),
	"write a request that KMS can receive: from a principal that can make it, for an existing action, with condition keys that KMS sends",
)

_where(outcome) := "" if count(outcome.regions) == 0

_where(outcome) := sprintf(" in %s", [concat(", ", outcome.regions)]) if count(outcome.regions) > 0

_why(outcome) := "" if count(outcome.reasons) == 0

_why(outcome) := sprintf(" (%s)", [concat(" ", outcome.reasons)]) if count(outcome.reasons) > 0
