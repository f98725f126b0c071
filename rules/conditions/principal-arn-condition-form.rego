# METADATA
# title: aws:PrincipalArn value that no role or user has
# description: >-
#   For a session of a role, aws:PrincipalArn contains the ARN of the role and not of the session, and aws:userid
#   contains a unique id and not a name. No request matches another value.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-userid
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: >-
#     Write the ARN of the role. To mean one session, add aws:userid with the role's unique id and the name of the
#     session.
package keypolicy.rules.conditions["principal-arn-condition-form"]

import data.keypolicy.lib

findings contains finding if {
	some condition in input.statement.conditions
	lower(condition.key.text) == "aws:principalarn"
	condition.operator.family in {"Arn", "String"}
	some value in condition.values
	_is_session(value)
	message := sprintf("`%s` is the ARN of a session, but `aws:PrincipalArn` contains the ARN of its role: %s", [value.text, _effect(condition)])
	finding := object.union(_helped(value.text, lib.at(value.path, message)), {"severity": _severity(condition)})
}

findings contains lib.at(value.path, message) if {
	some condition in input.statement.conditions
	lower(condition.key.text) == "aws:userid"
	condition.operator.family == "String"
	some value in condition.values
	not value.variable
	regex.match(`^[A-Za-z][A-Za-z0-9+=,.@_/-]*$`, value.text)
	not regex.match(`^A[A-Z0-9]{9,}$`, value.text)
	message := sprintf("`aws:userid` contains a unique id, such as `AROAEXAMPLEID:SESSION`, and never a name: %s", [_effect(condition)])
}

_is_session(value) if {
	contains(value.text, ":assumed-role/")
	startswith(value.text, "arn:")
}

# Beside an ARN of another form it takes nothing away.
_severity(condition) := "info" if {
	some value in condition.values
	not _is_session(value)
}

_severity(condition) := "error" if {
	every value in condition.values {
		_is_session(value)
	}
}

_effect(condition) := "it never matches" if not condition.operator.negated

_effect(condition) := "it always matches" if condition.operator.negated

_helped(text, finding) := lib.written(finding, sprintf("%s:iam::%s:role/%s", [concat(":", array.slice(parts, 0, 2)), parts[4], split(parts[5], "/")[1]])) if {
	parts := split(text, ":")
	count(parts) == 6
}

_helped(text, finding) := lib.remedied(finding, "write the ARN of the role") if count(split(text, ":")) != 6
