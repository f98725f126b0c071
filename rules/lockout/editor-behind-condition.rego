# METADATA
# title: The policy can be changed in any context
# description: >-
#   Everyone who can change the policy can do so under a condition alone: from a network, with MFA, at a time, by a service or
#   with a tag. When the network endpoint is gone or the tag is lost, nobody can, and only AWS Support can help.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#allow-iam-policies
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
# custom:
#   severity: warning
#   subject: policy
#   needs: [access.lockout, conditions]
#   remedy: Let someone change the policy without a condition, as the account by its own statement, and limit use instead.
package keypolicy.rules.lockout["editor-behind-condition"]

import data.keypolicy.lib

findings contains _finding(st, condition) if {
	_judged
	input.access.lockout.undenied != "always"
	count(lib.accounts_putting(input.policy.statements)) == 0 # told by another rule
	some st in array.slice(_limited, 0, 1)
	condition := _context(st)[0]
}

findings contains _finding(st, condition) if {
	_judged
	input.access.lockout.undenied == "always"
	some i in input.access.lockout.denied_by
	st := input.policy.statements[i]
	condition := array.concat(_context(st), st.conditions)[0]
}

_judged if {
	not input.template
	input.access.lockout.editors == "conditional"
}

_limited := [st | some st in lib.putting(input.policy.statements); count(_context(st)) > 0]

_context(st) := [condition | some condition in st.conditions; not condition.key.category == "principal"]

_finding(st, condition) := lib.for_managed(input, object.union(
	lib.at_key(condition.key.path, message),
	_witness,
)) if {
	message := sprintf("the policy can be changed %s, as statement %s has it: where that cannot be met any more, nobody can change it", [
		input.access.lockout.conditions.text, lib.name(st),
	])
}

_witness := {"witness": input.access.lockout.witness} if input.access.lockout.witness

_witness := {} if not input.access.lockout.witness
