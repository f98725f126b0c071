# METADATA
# title: Action has no effect in a key policy
# description: >-
#   Some KMS actions, such as kms:ListKeys and kms:CreateKey, are not about a key, and only an IAM policy can allow
#   them. In a key policy they have no effect.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
#   - ref: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
# custom:
#   severity: warning
#   subject: statement
#   when: [odd_actions]
#   remedy: Remove it here, and allow it in an IAM policy where it is needed.
package keypolicy.rules.actions["action-not-in-key-policy"]

import data.keypolicy.lib

findings contains finding if {
	some action in lib.all_actions(input.statement)
	count(action.matches) > 0
	count(action.effective) == 0
	finding := _finding(action)
}

_finding(action) := lib.at(action.path, message) if {
	action.matches != ["kms:RetireGrant"]
	message := sprintf("`%s` is not about a key, so in a key policy it %s nothing: AWS looks for it only in IAM policies", [
		action.text,
		lib.does(input.statement),
	])
}

# Pages of AWS differ on it; who may retire a grant is what the grant says.
_finding(action) := object.union(lib.remedied(lib.at(action.path, message), "remove it here: each grant says who may retire it"), {"severity": "info"}) if {
	action.matches == ["kms:RetireGrant"]
	message := sprintf("`%s` is decided by the grant itself: its retiring principal, its grantee where it has RetireGrant, and its account", [action.text])
}
