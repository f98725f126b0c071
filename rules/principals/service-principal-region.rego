# METADATA
# title: Service principal of another Region
# description: >-
#   Some service principals have the Region in their name, as logs.eu-central-1.amazonaws.com. The service calls with
#   that of the key's own Region, so one of another Region never gets in.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
# custom:
#   severity: warning
#   subject: statement
#   when: [services]
#   remedy: >-
#     Write the key's Region.
package keypolicy.rules.principals["service-principal-region"]

import data.keypolicy.lib

findings contains lib.written(lib.at(p.path, message), replace(p.text, p.region, input.key.region)) if {
	input.key.region != ""
	some p in lib.own_principals(input.statement)
	not p.region in {"", input.key.region}
	message := sprintf("`%s` is the service in %s, and the key is in %s", [p.text, p.region, input.key.region])
}

findings contains lib.written(lib.at(p.path, message), replace(form, "REGION", _region)) if {
	some p in lib.own_principals(input.statement)
	p.element == "Service"
	form := input.facts.services[p.text].regional
	form != ""
	message := sprintf("`%s` has no Region: the service calls KMS as `%s`", [p.text, form])
}

_region := input.key.region if input.key.region != ""

_region := "REGION" if input.key.region == ""
