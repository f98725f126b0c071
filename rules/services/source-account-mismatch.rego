# METADATA
# title: aws:SourceArn and aws:SourceAccount name one account
# description: >-
#   aws:SourceAccount is the account of the resource in aws:SourceArn. A statement that asks for the ARN of one account
#   and the id of another matches no request.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceaccount
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
# custom:
#   severity: error
#   subject: statement
#   needs: [services, conditions]
#   remedy: >-
#     Write the account of the resource in both.
package keypolicy.rules.services["source-account-mismatch"]

import data.keypolicy.lib

findings contains lib.beside(lib.at(value.path, message), account.values[0].path, "this is the account") if {
	st := input.statement
	some account in st.conditions
	lower(account.key.name) == "aws:sourceaccount"
	_names(account)
	accounts := {value.text | some value in account.values}
	count(accounts) > 0
	every text in accounts {
		lib.is_account_id(text)
	}
	some condition in st.conditions
	lower(condition.key.name) == "aws:sourcearn"
	_names(condition)
	every value in condition.values {
		_is_other(value, accounts)
	}
	some value in condition.values
	message := sprintf("`%s` is of account %s, and `aws:SourceAccount` asks for %s: no request has both", [value.text, split(value.text, ":")[4], concat(" or ", accounts)])
}

_names(condition) if {
	not condition.operator.negated
	not condition.operator.if_exists
	condition.operator.set != "ForAllValues"
	condition.operator.family in {"String", "Arn"}
}

_is_other(value, accounts) if {
	parts := split(value.text, ":")
	count(parts) >= 6
	lib.is_account_id(parts[4])
	not parts[4] in accounts
}
