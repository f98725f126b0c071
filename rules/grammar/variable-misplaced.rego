# METADATA
# title: Policy variable where AWS does not replace it
# description: >-
#   AWS replaces policy variables in Resource, and in the values of conditions with a string, ARN or Bool operator,
#   in a policy of version 2012-10-17. Anywhere else they are plain text, so no principal has such a name, and a
#   condition with one never matches.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
# custom:
#   severity: error
#   subject: policy
#   when: [variables]
#   remedy: Write the value itself, or use the variable in a Condition of a policy of version 2012-10-17.
package keypolicy.rules.grammar["variable-misplaced"]

import data.keypolicy.lib

findings contains finding if {
	some v in input.policy.variables
	v.fault == ""
	[reason, why] := _misplaced(v)
	message := sprintf("`%s` is plain text %s", [v.variable, why])
	finding := lib.because(reason, _placed(v, message))
}

_placed(v, message) := lib.at(v.path, message) if v.at == "value"

_placed(v, message) := lib.at_key(v.path, message) if v.at == "key"

_misplaced(v) := ["element", sprintf("in `%s`: AWS replaces no policy variable there", [v.element])] if {
	v.element in {"Principal", "NotPrincipal", "Action", "NotAction", "Effect", "Version"}
}

_misplaced(v) := ["key", "in the name of a condition key: AWS replaces it only in values"] if {
	v.element == "Condition"
	v.at == "key"
}

_misplaced(v) := ["operator", sprintf("to %s operators: AWS replaces no policy variable for them", [v.family])] if {
	v.element == "Condition"
	v.at == "value"
	v.family in {"Numeric", "Date", "Binary", "IpAddress", "Null"}
}

_misplaced(v) := ["version", sprintf("in a policy %s: AWS replaces policy variables from 2012-10-17 on", [_version])] if {
	_is_replaced(v)
	_version
}

_is_replaced(v) if v.element in {"Resource", "NotResource"}

_is_replaced(v) if {
	v.element == "Condition"
	v.at == "value"
	not v.family in {"Numeric", "Date", "Binary", "IpAddress", "Null"}
}

_version := "of version 2008-10-17" if input.policy.version.text == "2008-10-17"

_version := "without Version" if lib.lacks(input.policy.elements, {"Version"})
