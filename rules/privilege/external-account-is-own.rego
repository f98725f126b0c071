# METADATA
# title: Own account listed in external_accounts
# description: >-
#   external_accounts lets an account use the key as far as its own IAM policies allow it. For the key's own account
#   this means that everyone whom IAM policies allow it can use the key, and the lists of users limit nobody.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
# custom:
#   severity: warning
#   subject: spec
#   when: [odd_entries]
#   remedy: Remove it, and name the users and roles in key_users and key_users_roles.
package keypolicy.rules.privilege["external-account-is-own"]

import data.keypolicy.lib

findings contains lib.at(entry.path, message) if {
	some entry in input.spec.entries
	entry.list == "external_accounts"
	entry.kind == "account"
	entry.account != ""
	entry.account == input.key.account
	message := sprintf("`%s` is the key's own account: in `external_accounts` it lets everyone whom IAM policies allow it use the key", [
		entry.text,
	])
}
