# METADATA
# title: Invalid account ID in a condition
# description: >-
#   kms:CallerAccount, aws:SourceAccount and aws:PrincipalAccount contain an account ID: 12 digits, without dashes.
#   No request matches another value.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-caller-account
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: Write the account's 12 digits.
package keypolicy.rules.conditions["account-condition-format"]

import data.keypolicy.lib

findings contains finding if {
	some condition in input.statement.conditions
	lower(condition.key.name) in {"kms:calleraccount", "aws:sourceaccount", "aws:principalaccount", "aws:resourceaccount", "aws:vpceaccount"}
	condition.operator.family == "String"
	some value in condition.values
	not value.variable
	not lib.is_account_id(value.text)
	not _is_pattern(value)
	message := sprintf("`%s` is not an account ID, so `%s` never matches it", [value.text, condition.key.text])
	finding := _finding(value, message)
}

# Under an operator without wildcards another rule reports it.
_is_pattern(value) if regex.match(`^[0-9]*[*?][0-9*?]*$`, value.text)

_finding(value, message) := lib.quoted(lib.at(value.path, message), digits) if {
	digits := regex.replace(value.text, `[ -]`, "")
	lib.is_account_id(digits)
}

_finding(value, message) := lib.quoted(lib.at(value.path, message), account) if {
	account := split(value.text, ":")[4]
	lib.is_account_id(account)
}

_finding(value, message) := lib.remedied(lib.at(value.path, message), lib.separate(value.text, `^[0-9]{12}$`))

_finding(value, message) := lib.at(value.path, message) if {
	not lib.separate(value.text, `^[0-9]{12}$`)
	not lib.is_account_id(regex.replace(value.text, `[ -]`, ""))
	not _has_account(value)
}

_has_account(value) if lib.is_account_id(split(value.text, ":")[4])
