# METADATA
# title: aws:SourceArn without an account
# description: >-
#   An ARN with a wildcard in place of its account also matches resources of other accounts, so the service may use
#   the key for anyone who has such a resource.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcearn
# custom:
#   severity: warning
#   subject: statement
#   when: [services and conditions, anyone and conditions]
#   access: [confused_deputy, stranger]
#   remedy: Write your account into the ARN, or add aws:SourceAccount.
package keypolicy.rules.services["source-arn-too-wide"]

import data.keypolicy.lib

findings contains object.union(_helped(value, lib.at(value.path, message)), {"witness": deputy.witness}) if {
	st := input.statement
	count(st.access.confused_deputy) > 0
	not _is_public(st) # reported by other rules
	deputy := st.access.confused_deputy[0]
	some condition in st.conditions
	some value in condition.values
	lib.is_wide_source(condition, value)
	message := sprintf("`%s` is of %s, so %s the key for anyone who has such a resource", [value.text, _whose(value), _use(deputy.service)])
}

_is_public(st) if st.access.stranger.answer != "no"

_whose(value) := "more than one account" if _is_partial(value)

_whose(value) := "any account" if not _is_partial(value)

_is_partial(value) if {
	parts := split(value.text, ":")
	count(parts) >= 6
	regex.match(`[0-9]`, parts[4])
}

_use("any other service") := "AWS services use"

_use(service) := sprintf("`%s` uses", [service]) if service != "any other service"

_helped(value, finding) := lib.written(finding, concat(":", array.concat(array.slice(parts, 0, 4), array.concat([_account], array.slice(parts, 5, count(parts)))))) if {
	parts := split(value.text, ":")
	count(parts) >= 6
	parts[4] != ""
}

_helped(value, finding) := lib.limited(finding, input.statement, [p.text | some p in input.statement.principals; p.kind == "service"], input) if {
	not _has_account(value)
}

_has_account(value) if {
	parts := split(value.text, ":")
	count(parts) >= 6
	parts[4] != ""
}

_account := input.key.account if input.key.account != ""

_account := "ACCOUNT" if input.key.account == ""
