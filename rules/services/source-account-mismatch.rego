# METADATA
# title: aws:SourceArn and aws:SourceAccount name different accounts
# description: >-
#   aws:SourceAccount is the account of the resource in aws:SourceArn. No request matches a statement that requires
#   an ARN of one account and the id of another.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceaccount
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
# custom:
#   severity: error
#   subject: statement
#   when: [services and conditions]
#   remedy: Write the account of the resource in both.
package keypolicy.rules.services["source-account-mismatch"]

import data.keypolicy.lib

findings contains lib.beside(lib.at(value.path, message), account.values[0].path, "this is the account") if {
	st := input.statement
	lib.source_accounts_differ(st)
	account := lib.source_conditions(st, "aws:sourceaccount")[0]
	accounts := {value.text | some value in account.values}
	some condition in lib.source_conditions(st, "aws:sourcearn")
	some value in condition.values
	message := sprintf("`%s` is of account %s, and `aws:SourceAccount` asks for %s: no request has both", [value.text, split(value.text, ":")[4], concat(" or ", accounts)])
}
