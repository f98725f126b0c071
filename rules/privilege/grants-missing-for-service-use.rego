# METADATA
# title: Grants missing for use through a service
# description: >-
#   Amazon EBS, RDS, EC2 Auto Scaling and others use a key by a grant that they create on behalf of the caller. If a
#   policy lets callers use the key through such a service but not create grants, attaching a volume or starting a
#   database fails, unless an IAM policy allows kms:CreateGrant.
# related_resources:
#   - ref: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html
#   - ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html
# custom:
#   severity: info
#   subject: policy
#   enabled: false
#   when: [conditions]
#   remedy: >-
#     Add a statement that allows kms:CreateGrant to the same principals with "Bool": {"kms:GrantIsForAWSResource":
#     "true"}.
package keypolicy.rules.privilege["grants-missing-for-service-use"]

import data.keypolicy.lib

findings contains lib.at(value.path, message) if {
	some st in input.policy.statements
	lib.gives(st, "kms:Decrypt")
	some condition in st.conditions
	condition.key.name == "kms:ViaService"
	not condition.operator.negated
	some value in condition.values
	service := split(value.text, ".")[0]
	service in _by_grants
	not _granting
	message := sprintf("statement %s lets the key be used through `%s`, which creates grants, but no statement allows `kms:CreateGrant`", [
		lib.name(st), service,
	])
}

# The services that keep their use of a key by grants for as long as a resource lives.
_by_grants := {"ec2", "rds", "redshift", "dms", "workspaces", "fsx", "elasticfilesystem", "documentdb"}

_granting if {
	some st in input.policy.statements
	lib.gives(st, "kms:CreateGrant")
	not lib.has_everything(st)
}
