# METADATA
# title: Access by an account that is not trusted
# description: >-
#   The configuration's trust names the accounts that may use keys. This account is not among them and is not the
#   key's own. Either a digit is wrong, or nobody has approved the account.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
# custom:
#   severity: error
#   subject: statement
#   when: [trust and other_accounts, trust and conditions]
#   access: [left]
#   remedy: Correct the account's id, or add it to trust.accounts of .keypolicy.yaml.
package keypolicy.rules.privilege["external-account-not-approved"]

import data.keypolicy.lib

findings contains lib.at(p.path, message) if {
	_judged
	some p in input.statement.principals
	p.relation == "other"
	lib.live(p)
	lib.is_account_id(p.account)
	not lib.trusted_organization(input.statement, input)
	message := sprintf("the configuration does not trust account `%s`%s", [p.account, lib.account_note(input.key)])
}

# Under trust, an account that the statement names is an error, where the same statement without the condition is a warning or
# info: that form is published, and says nothing of whom it was written for.
# https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
findings contains lib.at(entry.value.path, message) if {
	some entry in lib.unapproved_accounts(input.statement, input)
	message := sprintf("`%s` lets in account `%s`, which the configuration does not trust%s", [
		entry.condition.key.text, entry.account, lib.account_note(input.key),
	])
}

_judged if {
	input.trust.given
	input.statement.effect.text == "Allow"
}
