# METADATA
# title: Unknown service principal
# description: >-
#   A service principal is NAME.amazonaws.com in lower case, for some services with the Region before the suffix.
#   KMS refuses a policy with any other form. AWS does not publish a complete list of services, so a name of the
#   right form is reported only if it differs from a known one by one letter or is often confused with one.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
# custom:
#   severity: error
#   subject: statement
#   when: [services]
#   remedy: Write the service principal as in the service's guide.
package keypolicy.rules.principals["unknown-service-principal"]

import data.keypolicy.lib

findings contains finding if {
	some p in input.statement.faulty
	p.element == "Service"
	p.fault == "form"
	not _is_empty_field(p) # another rule says so
	message := sprintf("`%s` %s: %s", [p.text, _what(p.text), lib.refused])
	finding := _hinted(p, lib.at(p.path, message))
}

findings contains object.union(_hinted(p, lib.at(p.path, message)), {"severity": "warning"}) if {
	some p in lib.own_principals(input.statement)
	p.element == "Service"
	p.fault == ""
	p.nearest != ""
	message := sprintf("no service is known by the name `%s`: if there is none, %s", [p.text, lib.refused])
}

_what("*") := "is not a service, and a statement cannot be for all services"

_what(text) := "is the ARN of a principal, and belongs under `AWS`" if startswith(text, "arn:")

_what(text) := "is not a service principal" if {
	text != "*"
	not startswith(text, "arn:")
}

_hinted(p, finding) := lib.remedied(finding, help) if {
	help := lib.separate(p.text, `^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$`)
} else := lib.meant(finding, p.nearest) if p.nearest != ""

else := finding

_is_empty_field(p) if {
	p.text == ""
	is_string(p.path[count(p.path) - 1])
}
