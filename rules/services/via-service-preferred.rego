# METADATA
# title: A service that calls for its user is allowed through the user
# description: >-
#   EBS, RDS, Secrets Manager and others call KMS with the credentials of who uses them, and not as themselves: a
#   statement for their service principal is never met by that use. The user or role wants the statement, with
#   kms:ViaService.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/service-integration.html
# custom:
#   severity: info
#   subject: statement
#   when: [services]
#   access: [confused_deputy]
#   remedy: >-
#     Allow the role, with kms:ViaService as its condition.
package keypolicy.rules.services["via-service-preferred"]

import data.keypolicy.lib

findings contains lib.remedied(lib.at(p.path, message), help) if {
	st := input.statement
	st.effect.text == "Allow"
	count(st.access.confused_deputy) == 0 # else that is told, and this with it
	some p in st.principals
	p.kind == "service"
	use := input.facts.services[p.text].via
	use != ""
	message := sprintf("%s calls KMS with its caller's credentials, and is not known to call as `%s`", [use, p.text])
	help := sprintf("allow the role that uses it, with `\"StringEquals\": {\"kms:ViaService\": \"%s.%s.amazonaws.com\"}`", [trim_suffix(p.text, ".amazonaws.com"), _region])
}

_region := input.key.region if input.key.region != ""

_region := "REGION" if input.key.region == ""
