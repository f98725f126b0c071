# METADATA
# title: The policy decides as the spec expects
# description: >-
#   The requests of expect are tests of the policy: each must get its decision, or one of its list, in every Region. A
#   change that gives or takes away what the tests name is found here, before it is put. The decisions are those of
#   `keypolicy simulate`: the key policy's alone.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
# custom:
#   severity: error
#   subject: spec
#   when: [expectations]
#   remedy: >-
#     Change the policy, or the decision where the new one is meant. `keypolicy simulate` with the principal, the action and
#     the context says why it is decided so.
package keypolicy.rules.spec.expectation

import data.keypolicy.lib

findings contains finding if {
	some expected in input.spec.expect
	some outcome in expected.outcomes
	outcome.refused == ""
	not outcome.decision in expected.decisions
	message := sprintf("`%s` gets %s for `%s`%s where %s is expected%s", [
		expected.principal, lib.code(outcome.decision), expected.action, _where(outcome), lib.several_or(expected.decisions), _why(outcome),
	])
	finding := lib.beside_all(
		lib.because("decision", lib.at(array.concat(expected.path, ["decision"]), message)),
		[{"path": st.path, "message": sprintf("decided by `%s`", [st.name])} | some st in outcome.statements],
	)
}

findings contains finding if {
	some expected in input.spec.expect
	some outcome in expected.outcomes
	outcome.refused != ""
	message := sprintf("the request cannot be%s: %s", [_where(outcome), outcome.refused])
	finding := lib.remedied(
		lib.because("request", lib.at(array.concat(expected.path, [outcome.at]), message)),
		"write a request that KMS can get: who can ask, for an action that there is, with condition keys that it sends",
	)
}

_where(outcome) := "" if count(outcome.regions) == 0

_where(outcome) := sprintf(" in %s", [concat(", ", outcome.regions)]) if count(outcome.regions) > 0

_why(outcome) := "" if count(outcome.reasons) == 0

_why(outcome) := sprintf(" (%s)", [concat(" ", outcome.reasons)]) if count(outcome.reasons) > 0
