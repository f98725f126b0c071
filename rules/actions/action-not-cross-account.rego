# METADATA
# title: Action does not work across accounts
# description: >-
#   KMS lets other accounts use a key but not administer it. kms:PutKeyPolicy, kms:ScheduleKeyDeletion,
#   kms:TagResource and others work only for principals of the key's own account, whatever the key policy says.
#   Actions that only a wildcard matches are not reported.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
# custom:
#   severity: warning
#   subject: statement
#   when: [other_accounts and local_actions]
#   remedy: >-
#     Remove the action, or allow it to a role of the key's account that principals of the other account can assume.
package keypolicy.rules.actions["action-not-cross-account"]

import data.keypolicy.lib

# Of an entry of a list, whose actions nobody wrote, another rule reports it.
findings contains lib.at(action.path, message) if {
	input.statement.effect.text == "Allow"
	others := [p.text | some p in input.statement.principals; lib.other_account(p); object.get(p, "list", "") == ""]
	count(others) > 0
	some action in input.statement.actions
	action.facts.effective
	action.facts.cross_account == "no"
	message := sprintf("`%s` works only in the key's own account, so %s cannot use it, whatever statement %s says", [
		action.text,
		lib.several(others), lib.name(input.statement),
	])
}
