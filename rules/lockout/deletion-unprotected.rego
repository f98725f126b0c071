# METADATA
# title: Key users can delete the key
# description: >-
#   When a key is deleted, everything that was encrypted under it is lost. The statement lets principals use the
#   key, and also schedule its deletion, disable it or delete its imported key material.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys-adding-permission.html
# custom:
#   severity: warning
#   subject: policy
#   when: [mixed_duties]
#   access: [left]
#   remedy: Allow it only to the key's administrators, in a statement of their own.
package keypolicy.rules.lockout["deletion-unprotected"]

import data.keypolicy.lib

findings contains lib.at(entry.path, message) if {
	some st in input.policy.statements
	not startswith(input.policy.id.text, "auto-")
	st.effect.text == "Allow"
	lib.is_for_users(st)
	some entry in lib.entries_of(st, lib.destructive)
	holders := [p | some p in lib.users_of(st, input.policy.statements); lib.able(p, lib.reached(entry, lib.destructive))]
	count(holders) > 0
	message := sprintf("statement %s lets %s use the key, and make it unusable for everyone with `%s`", [
		lib.name(st), lib.called(holders), entry.text,
	])
}
