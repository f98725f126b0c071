# METADATA
# title: IP range not written with its first address
# description: >-
#   A range whose address has bits beyond its prefix means the whole range, and a range of prefix length 0 matches
#   every address.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
# custom:
#   severity: info
#   subject: statement
#   when: [conditions]
#   enabled: false
#   remedy: Write the range's first address, or one address without a prefix.
package keypolicy.rules.conditions["improve-ip-range"]

import data.keypolicy.lib

findings contains lib.written(lib.at(value.path, message), value.network.range) if {
	some condition in input.statement.conditions
	some value in condition.values
	not value.network.exact
	value.network.bits > 0
	message := sprintf("`%s` means the whole range `%s`", [value.text, value.network.range])
}

findings contains lib.remedied(lib.at(value.path, message), help) if {
	some condition in input.statement.conditions
	some value in condition.values
	value.network.bits == 0
	message := sprintf("`%s` matches every address", [value.text])
	help := "write the ranges that are meant"
}
