# METADATA
# title: Malformed policy variable
# description: >-
#   A policy variable is ${KEY} or ${KEY, 'DEFAULT'}, where KEY is the name of a condition key. One that is not
#   closed, is empty or contains a space is refused or remains plain text. One whose condition key does not exist
#   has no value, so its condition never matches; AWS adds keys, so this is a warning.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
# custom:
#   severity: error
#   subject: policy
#   when: [variables]
#   remedy: Write the variable as in ${aws:PrincipalTag/team}.
package keypolicy.rules.grammar["variable-syntax"]

import data.keypolicy.lib

findings contains finding if {
	some v in input.policy.variables
	v.fault != ""
	not v.element in {"Sid", "Id"} # nothing is replaced there, and any text is right
	message := sprintf("`%s` %s", [v.variable, _fault[v.fault]])
	finding := object.union(_helped(v, lib.at(v.path, message)), _severity(v))
}

_fault := {
	"open": "is not a policy variable: it has no closing brace",
	"empty": "is a policy variable without a name",
	"space": "is not a policy variable: it has a space inside",
	"quote": "is a policy variable whose default has no single quotes",
	"unknown": "names a condition key that does not exist, so it has no value and nothing matches it",
}

_severity(v) := {"severity": "warning"} if v.fault == "unknown"

_severity(v) := {} if v.fault != "unknown"

_helped(v, finding) := lib.proposed(finding, sprintf("did you mean `${%s}`?", [v.nearest]), [lib.replacing(finding, replace(v.text, v.variable, sprintf("${%s}", [v.nearest])))]) if v.nearest != ""

_helped(v, finding) := lib.remedied(finding, "put the default into single quotes") if v.fault == "quote"

_helped(v, finding) := finding if {
	v.nearest == ""
	v.fault != "quote"
}
