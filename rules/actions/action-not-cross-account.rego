# METADATA
# title: Action does not work across accounts
# description: >-
#   KMS lets another account use a key, and not administer it: kms:PutKeyPolicy, kms:ScheduleKeyDeletion,
#   kms:TagResource and others work in the key's own account only, whatever its policy says. What a wildcard reaches is
#   not judged here.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
# custom:
#   severity: warning
#   subject: statement
#   when: [other_accounts and local_actions]
#   remedy: >-
#     Drop it, or let a role of the key's account do it and let the other account take that role.
package keypolicy.rules.actions["action-not-cross-account"]

import data.keypolicy.lib

findings contains lib.at(action.path, message) if {
	input.statement.effect.text == "Allow"
	others := [p.text | some p in input.statement.principals; lib.other_account(p)]
	count(others) > 0
	some action in input.statement.actions
	action.facts.effective
	action.facts.cross_account == "no"
	message := sprintf("`%s` works only in the key's own account, so %s cannot use it, whatever statement %s says", [
		action.text,
		lib.several(others), lib.name(input.statement),
	])
}
