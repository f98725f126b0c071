# METADATA
# title: Service-linked role may not exist yet
# description: >-
#   KMS refuses a policy that names a role that does not exist. A new account does not have a service-linked role
#   until the role is created for its service, so creating the key fails.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
# custom:
#   severity: info
#   subject: [spec, statement]
#   when: [reserved_roles]
#   remedy: >-
#     Create the role first: aws iam create-service-linked-role.
package keypolicy.rules.principals["service-linked-role-exists"]

import data.keypolicy.lib

findings contains lib.remedied(lib.at(p.path, message), help) if {
	some p in lib.principals_of(input)
	startswith(p.name_path, "aws-service-role/")
	p.kind == "role"
	p.fault == ""
	message := sprintf("`%s` is a service-linked role: until it exists, KMS refuses the policy", [p.name])
	help := sprintf("create it first: `aws iam create-service-linked-role --aws-service-name %s`", [split(p.name_path, "/")[1]])
}
