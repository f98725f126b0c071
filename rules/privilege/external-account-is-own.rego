# METADATA
# title: Own account listed in external_accounts
# description: >-
#   An external account gets use of the key by its own IAM policies. For the key's own account that hands use to everyone
#   whom IAM allows it, and the lists of users limit nobody.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
# custom:
#   severity: warning
#   subject: spec
#   when: [odd_entries]
#   remedy: Take it out, and name the users and roles in key_users and key_users_roles.
package keypolicy.rules.privilege["external-account-is-own"]

import data.keypolicy.lib

findings contains lib.at(entry.path, message) if {
	some entry in input.spec.entries
	entry.list == "external_accounts"
	entry.kind == "account"
	entry.account != ""
	entry.account == input.key.account
	message := sprintf("`%s` is the key's own account: in `external_accounts` it gives use of the key to whoever IAM allows it", [
		entry.text,
	])
}
