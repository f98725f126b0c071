# METADATA
# title: No principal can read the policy
# description: >-
#   No principal of the account can read the key's policy or the key's state. Audits, drift detection, and tools
#   such as Terraform and CloudFormation then fail.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-viewing.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/viewing-keys.html
# custom:
#   severity: warning
#   subject: policy
#   when: [access.able]
#   access: [lockout]
#   remedy: Add kms:GetKeyPolicy and kms:DescribeKey to the administrators' statement.
package keypolicy.rules.lockout["no-reader"]

import data.keypolicy.lib

findings contains lib.for_managed(input, lib.among(lib.at(array.concat(st.path, ["Action"]), message), [array.concat(s.path, ["Action"]) | some s in lib.putting(input.policy.statements); lib.has(s, "Action")])) if {
	not input.template
	input.access.lockout.editors != "none" # reported as an error
	missing := [action | some [action, answer] in _answers; answer == "no"]
	count(missing) > 0
	some st in array.slice(lib.putting(input.policy.statements), 0, 1)
	lib.has(st, "Action")
	message := sprintf("no principal of the key's account is allowed %s: statement %s lets the policy be changed, and no principal can read it", [
		lib.several(missing), lib.name(st),
	])
}

findings contains lib.for_managed(input, lib.remedied(lib.because("undecided", lib.at_key(lib.statement_list, message)), _help)) if {
	not input.template
	_is_asked
	open := [action | some [action, answer] in _answers; answer == "unknown"]
	count(open) > 0
	message := sprintf("whether anyone of the key's account is allowed %s could not be determined", [lib.several(open)])
}

_help := "see what `keypolicy access` says is unknown, and write it so that it can be decided"

_is_asked if input.access.able.undecided == "budget"

_is_asked if {
	input.access.able.undecided == "open"
	input.access.lockout.editors in {"always", "conditional"} # others are reported by no-policy-editor
}

_answers := [
	["kms:GetKeyPolicy", input.access.able.read_policy],
	["kms:DescribeKey", input.access.able.describe],
]
