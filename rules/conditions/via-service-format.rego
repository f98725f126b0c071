# METADATA
# title: Invalid service name in kms:ViaService
# description: >-
#   A value of kms:ViaService is a service, a Region and amazonaws.com, in lower case and the same in every
#   partition. No request matches another form, such as a service principal.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: Write the service and the key's Region, such as s3.eu-central-1.amazonaws.com.
package keypolicy.rules.conditions["via-service-format"]

import data.keypolicy.lib

findings contains finding if {
	some condition in input.statement.conditions
	lower(condition.key.text) == "kms:viaservice"
	condition.operator.family == "String"
	some value in condition.values
	not value.variable
	not regex.match(`[*?]`, value.text)
	fault := _fault(condition, value)
	message := sprintf("`%s` is not a valid value of kms:ViaService: %s", [value.text, fault])
	finding := object.union(_finding(value, message), _severity(condition))
}

# Beside a value that can match it takes nothing away.
_severity(condition) := {"severity": "warning"} if _another_fits(condition)

_severity(condition) := {} if not _another_fits(condition)

_another_fits(condition) if {
	not condition.operator.negated
	some value in condition.values
	not _fault(condition, value)
	not lib.is_literal_pattern(condition, value)
}

_fault(_, value) := "the Region is missing" if _is_principal(value)

_fault(_, value) := "a value ends in `amazonaws.com` in every partition" if endswith(lower(value.text), ".amazonaws.com.cn")

_fault(_, value) := "a value is a service, a Region and `amazonaws.com`" if {
	value.via.service == ""
	not _is_principal(value)
	not endswith(lower(value.text), ".amazonaws.com.cn")
	lower(value.text) == value.text
}

_fault(condition, value) := "services and Regions are written in lower case" if {
	lower(value.text) != value.text
	not contains(condition.operator.base, "IgnoreCase")
	not _is_principal(value)
	not endswith(lower(value.text), ".amazonaws.com.cn")
}

# SERVICE.amazonaws.com, as a service principal.
_is_principal(value) if regex.match(`^[A-Za-z0-9-]+\.amazonaws\.com$`, value.text)

_finding(value, message) := lib.at(value.path, message) if {
	not _is_principal(value)
	not endswith(value.text, ".cn")
	not _is_upper(value)
}

_finding(value, message) := lib.written(lib.at(value.path, message), lower(value.text)) if _is_upper(value)

_is_upper(value) if {
	lower(value.text) != value.text
	regex.match(`^[a-z0-9-]+\.[a-z0-9-]+\.amazonaws\.com$`, lower(value.text))
}

# What KMS sends in the China Regions AWS's pages say only for all Regions, so this is not an error.
_finding(value, message) := object.union(lib.at(value.path, message), {"severity": "warning"}) if endswith(value.text, ".cn")

_finding(value, message) := lib.written(lib.at(value.path, message), sprintf("%s.%s.amazonaws.com", [lower(split(value.text, ".")[0]), _region])) if _is_principal(value)

_region := input.key.region if input.key.region != ""

_region := "REGION" if input.key.region == ""
