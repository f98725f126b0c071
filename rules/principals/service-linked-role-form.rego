# METADATA
# title: Service-linked role without its path
# description: >-
#   The path of a service-linked role is aws-service-role/ and the name of its service, as in
#   role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling. Without the path the role does not
#   exist, and KMS refuses the whole policy.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
#   - ref: https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
# custom:
#   severity: error
#   subject: [spec, statement]
#   when: [faulty_principals]
#   remedy: Write role/aws-service-role/SERVICE.amazonaws.com/NAME.
package keypolicy.rules.principals["service-linked-role-form"]

import data.keypolicy.lib

findings contains lib.placed(lib.at(p.path, message), p, sprintf("aws-service-role/%s/%s", [lib.linked_service(p.name), p.name])) if {
	some p in lib.faulty(input)
	p.fault == "linked_path"
	message := sprintf("`%s` has no path of a service-linked role, so there is no such role: %s", [p.text, lib.refused])
}
