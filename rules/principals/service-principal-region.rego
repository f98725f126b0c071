# METADATA
# title: Service principal of another Region
# description: >-
#   Some service principals contain a Region, such as logs.eu-central-1.amazonaws.com. The service uses the one of
#   the key's own Region, so one of another Region never gets access.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
# custom:
#   severity: warning
#   subject: statement
#   when: [services]
#   remedy: Write the key's Region.
package keypolicy.rules.principals["service-principal-region"]

import data.keypolicy.lib

findings contains lib.written(lib.at(p.path, message), replace(p.text, p.region, input.key.region)) if {
	input.key.region != ""
	some p in lib.own_principals(input.statement)
	not p.region in {"", input.key.region}
	message := sprintf("`%s` is the service in %s, and the key is in %s", [p.text, p.region, input.key.region])
}

findings contains lib.written(lib.at(p.path, message), name) if {
	st := input.statement
	some p in lib.own_principals(st)
	p.element == "Service"
	form := input.facts.services[p.text].regional
	form != ""
	name := replace(form, "REGION", _region(st))
	message := sprintf("`%s` has no Region: the service calls KMS as `%s`", [p.text, name])
}

_region(_) := input.key.region if input.key.region != ""

# What the service acts for is in the key's Region.
_region(st) := regions[0] if {
	input.key.region == ""
	regions := sort(_named(st))
	count(regions) == 1
}

_region(st) := "REGION" if {
	input.key.region == ""
	count(_named(st)) != 1
}

_named(st) := {region |
	some condition in st.conditions
	_is_of_service(lower(condition.key.name))
	not condition.operator.negated
	some value in condition.values
	region := split(value.text, ":")[3]
	regex.match(`^[a-z]{2}(-[a-z]+)+-[0-9]+$`, region)
}

_is_of_service("aws:sourcearn")

_is_of_service(name) if startswith(name, "kms:encryptioncontext:")
