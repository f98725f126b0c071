# METADATA
# title: Invalid VPC or endpoint ID in a condition
# description: >-
#   aws:SourceVpc and aws:Ec2InstanceSourceVpc contain the id of a VPC, and aws:SourceVpce the id of a VPC endpoint.
#   No request matches one in place of the other.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcevpc
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: Write vpc-… for a VPC and vpce-… for aws:SourceVpce.
package keypolicy.rules.conditions["vpc-condition-format"]

import data.keypolicy.lib

findings contains lib.at(value.path, message) if {
	some condition in input.statement.conditions
	wanted := _prefixes[lower(condition.key.text)]
	condition.operator.family == "String"
	some value in condition.values
	not value.variable
	not startswith(value.text, wanted)
	not _may_fit(wanted, value.text)
	message := sprintf("`%s` is never a value of `%s`, which begins with `%s`", [value.text, condition.key.text, wanted])
}

_prefixes := {"aws:ec2instancesourcevpc": "vpc-", "aws:sourcevpc": "vpc-", "aws:sourcevpce": "vpce-"}

_may_fit(wanted, text) if {
	start := regex.split(`[*?]`, text)[0]
	start != text
	startswith(wanted, start)
}
