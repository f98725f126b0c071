# METADATA
# title: Service in kms:ViaService does not call KMS for its users
# description: >-
#   kms:ViaService contains the name under which a service calls KMS. For example EBS is ec2, MSK is kafka, and EFS
#   is elasticfilesystem. AWS does not publish a complete list of them, so a name that does not resemble a known one
#   is only info.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
# custom:
#   severity: warning
#   subject: statement
#   when: [conditions]
#   remedy: Write the service's name from AWS's list.
package keypolicy.rules.conditions["via-service-unknown"]

import data.keypolicy.lib

findings contains finding if {
	some condition in input.statement.conditions
	lower(condition.key.text) == "kms:viaservice"
	condition.operator.family == "String"
	some value in condition.values
	regex.match(`^[a-z0-9-]+$`, value.via.service)
	not value.via.known
	finding := _finding(value)
}

_finding(value) := lib.meant(lib.at(value.path, message), sprintf("%s.%s.amazonaws.com", [value.via.nearest, value.via.region])) if {
	value.via.nearest != ""
	message := sprintf("no service calls KMS as `%s`", [value.via.service])
}

_finding(value) := object.union(lib.at(value.path, message), {"severity": "info"}) if {
	value.via.nearest == ""
	message := sprintf("`%s` is not among the services that are known to call KMS for their callers", [value.via.service])
}
