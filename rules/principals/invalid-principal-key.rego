# METADATA
# title: Invalid Principal type
# description: >-
#   The types of a Principal are AWS, Service and Federated, in exactly this case. CanonicalUser is for S3 bucket
#   policies; KMS does not document it, so it is a warning.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
# custom:
#   severity: error
#   subject: statement
#   when: [faults]
#   remedy: Write AWS for users, roles and accounts, and Service for AWS services.
package keypolicy.rules.principals["invalid-principal-key"]

import data.keypolicy.lib

findings contains finding if {
	some key in input.statement.principal_keys
	not key.name in {"AWS", "Service", "Federated", "CanonicalUser"}
	not lib.has_placeholder(key.name)
	message := sprintf("`%s` is not a type of principal: %s", [key.name, lib.refused])
	finding := _hinted(key, lib.at_key(key.path, message))
}

findings contains object.union(lib.remedied(lib.at_key(key.path, message), help), {"severity": "warning"}) if {
	some key in input.statement.principal_keys
	key.name == "CanonicalUser"
	message := "`CanonicalUser` is for the policies of S3 buckets: KMS knows users and roles by their ARNs"
	help := "name the account, the user or the role by its ARN under AWS, in place of the canonical id"
}

_hinted(key, finding) := lib.written(finding, key.means) if key.means != ""

_hinted(key, finding) := finding if key.means == ""
