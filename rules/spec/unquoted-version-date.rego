# METADATA
# title: Policy Version without quotes
# description: >-
#   Without quotes 2012-10-17 is a date in YAML. keypolicy keeps its text; many other tools write it as
#   2012-10-17T00:00:00Z, which is not a version.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
#   - ref: https://yaml.org/type/timestamp.html
# custom:
#   severity: info
#   subject: policy
#   enabled: false
#   remedy: Write "2012-10-17" in quotes.
package keypolicy.rules.spec["unquoted-version-date"]

import data.keypolicy.lib

findings contains lib.quoted(lib.at(element.path, message), input.policy.version.text) if {
	some element in input.policy.elements
	element.name == "Version"
	element.type == "timestamp"
	message := sprintf("`%s` has no quotes, so YAML reads it as a date", [input.policy.version.text])
}
