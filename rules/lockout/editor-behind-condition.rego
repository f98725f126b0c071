# METADATA
# title: Policy can only be changed under a condition
# description: >-
#   Every principal that can change the policy can do so only under a condition, such as from a network, with MFA,
#   at a time, through a service or with a tag. When the network endpoint or the tag is gone, no principal can
#   change the policy, and only AWS Support can help. An organization is not such a condition, and neither is one
#   that a request without its key meets.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#allow-iam-policies
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
# custom:
#   severity: warning
#   subject: policy
#   when: [conditions]
#   access: [lockout]
#   remedy: >-
#     Let a principal change the policy without a condition, such as the account by its account statement, and limit
#     only the use of the key.
package keypolicy.rules.lockout["editor-behind-condition"]

import data.keypolicy.lib

findings contains lib.among(_finding(st, condition), [c.key.path | some s in _limited; some c in _context(s)]) if {
	_judged
	input.access.lockout.undenied != "always"
	count(lib.accounts_putting(input.policy.statements)) == 0 # another rule reports it
	some st in array.slice(_limited, 0, 1)
	condition := _context(st)[0]
}

findings contains lib.among(_finding(st, condition), [c.key.path | some c in _context(st)]) if {
	_judged
	input.access.lockout.undenied == "always"
	some i in input.access.lockout.denied_by
	st := input.policy.statements[i]
	condition := _context(st)[0]
}

findings contains lib.for_managed(input, lib.because("undecided", lib.at_key(lib.statement_list, message))) if {
	not input.template
	input.access.lockout.undecided == "budget"
	input.access.lockout.editors == "unknown"
	input.access.lockout.witness # that no principal can is reported as an error
	message := "whether the policy can be changed in every context could not be determined"
}

_judged if {
	not input.template
	input.access.lockout.editors == "conditional"
	not _met_by_leaving_out
}

# What is met by a request that leaves its keys out can always be met.
_met_by_leaving_out if {
	some alternative in input.access.lockout.conditions.any_of
	every constraint in alternative { constraint.absent }
}

_limited := [st | some st in lib.putting(input.policy.statements); count(_context(st)) > 0]

# Who a caller is says who may change the policy, and not when; but a tag is easily lost, and so is the id of a role.
_context(st) := [condition | some condition in st.conditions; _is_context(condition.key)]

_is_context(key) if {
	key.category != "principal"
	not key.name in _settled
}

_is_context(key) if startswith(key.name, "aws:PrincipalTag/")

_is_context(key) if key.name == "aws:userid"

# KMS takes requests only by TLS, and what the key is does not change.
# https://docs.aws.amazon.com/kms/latest/developerguide/data-protection.html#encryption-in-transit
_settled := {"aws:SecureTransport", "kms:KeySpec", "kms:KeyUsage", "kms:KeyOrigin", "kms:MultiRegion"}

_finding(st, condition) := lib.for_managed(input, object.union(
	lib.at_key(condition.key.path, message),
	_witness,
)) if {
	message := sprintf("the policy can be changed %s, by statement %s: when that cannot be met any more, no principal can change it", [
		input.access.lockout.conditions.text, lib.name(st),
	])
}

_witness := {"witness": input.access.lockout.witness} if input.access.lockout.witness

_witness := {} if not input.access.lockout.witness
