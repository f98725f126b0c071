# METADATA
# title: Private address in aws:SourceIp
# description: >-
#   aws:SourceIp is the address from which a request reaches AWS. Through a VPC endpoint the key is absent, and
#   otherwise the address is public, so no request matches a private range.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-vpcsourceip
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: >-
#     Write the public addresses, or use aws:VpcSourceIp with aws:SourceVpc for requests through a VPC endpoint.
package keypolicy.rules.conditions["private-ip-in-source-ip"]

import data.keypolicy.lib

findings contains finding if {
	some condition in input.statement.conditions
	lower(condition.key.text) == "aws:sourceip"
	some value in condition.values
	value.network.private
	message := sprintf("`%s` is a private network: no request reaches KMS from it by its public endpoint, so %s", [value.text, _effect(condition)])
	finding := object.union(lib.at(value.path, message), {"severity": _severity(condition)})
}

_effect(condition) := "it never matches" if not condition.operator.negated

_effect(condition) := "excluding it has no effect" if condition.operator.negated

# Beside public networks it takes nothing away.
_severity(condition) := "warning" if {
	some value in condition.values
	not value.network.private
}

_severity(condition) := "error" if {
	every value in condition.values {
		value.network.private
	}
}
