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
findings contains lib.at(value.path, message) if {
	_judged
	input.key.account != ""
	some p in input.statement.principals
	lib.live(p)
	some condition in input.statement.conditions
	_names_accounts(condition, p)
	not condition.operator.negated
	some value in condition.values
	account := _account(value.text)
	account != input.key.account
	not account in input.trust.accounts
	message := sprintf("`%s` lets in account `%s`, which the configuration does not trust%s", [
		condition.key.text, account, lib.account_note(input.key),
	])
}

_judged if {
	input.trust.given
	input.statement.effect.text == "Allow"
}

_keys := {
	"kms:CallerAccount", "aws:PrincipalAccount", "aws:PrincipalArn", "aws:SourceAccount", "aws:SourceArn",
	"aws:SourceOwner",
}

_names_accounts(condition, _) if condition.key.name in _keys

# A service puts into the encryption context for whom it acts.
_names_accounts(condition, p) if {
	p.kind == "service"
	startswith(lower(condition.key.text), "kms:encryptioncontext:aws:")
}

_account(value) := value if lib.is_account_id(value)

_account(value) := account if {
	startswith(value, "arn:")
	account := split(value, ":")[4]
	lib.is_account_id(account)
}
