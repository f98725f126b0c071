# METADATA
# title: Invalid alias in kms:RequestAlias
# description: >-
#   kms:RequestAlias contains the alias as the caller names it, which is alias/NAME and not an ARN.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-request-alias
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: Write alias/NAME.
package keypolicy.rules.conditions["request-alias-format"]

import data.keypolicy.lib

findings contains finding if {
	some condition in input.statement.conditions
	lower(condition.key.text) == "kms:requestalias"
	condition.operator.family == "String"
	some value in condition.values
	not value.variable
	start := regex.split(`[*?]`, value.text)[0]
	not startswith(start, "alias/")
	not _may_fit(value, start)
	message := sprintf("`%s` is not a name of an alias: it never matches", [value.text])
	finding := _helped(value, lib.at(value.path, message))
}

# A pattern whose first letters fit.
_may_fit(value, start) if {
	start != value.text
	startswith("alias/", start)
}

_helped(value, finding) := lib.written(finding, sprintf("alias/%s", [split(value.text, ":alias/")[1]])) if contains(value.text, ":alias/")

_helped(value, finding) := lib.written(finding, sprintf("alias/%s", [value.text])) if not contains(value.text, ":")

_helped(value, finding) := lib.remedied(finding, "write `alias/NAME`") if {
	contains(value.text, ":")
	not contains(value.text, ":alias/")
}
