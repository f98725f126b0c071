# METADATA
# title: Condition on an AWS-created role without its path
# description: >-
#   Roles of IAM Identity Center have the path aws-reserved/sso.amazonaws.com/, mostly with a Region after it, and
#   service-linked roles have the path aws-service-role/ with their service after it. A value or a pattern without
#   that path is not the ARN of such a role, so a condition with it on aws:PrincipalArn, kms:GranteePrincipal or
#   kms:RetiringPrincipal does not match the role.
# related_resources:
#   - ref: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: Write the path, as IAM shows it in the role's ARN.
package keypolicy.rules.conditions["reserved-role-path"]

import data.keypolicy.lib

findings contains finding if {
	some condition in input.statement.conditions
	lower(condition.key.text) in {"aws:principalarn", "kms:granteeprincipal", "kms:retiringprincipal"}
	condition.operator.family in {"Arn", "String"}
	some value in condition.values
	some kind in lib.reserved_roles
	lib.misplaced_role(kind, value.text)
	message := sprintf("no role has the ARN `%s`: %s", [value.text, _effect(condition)])
	finding := object.union(
		lib.because(kind.reason, lib.reserved_help(lib.at(value.path, message), value.text)),
		{"severity": _severity(condition)},
	)
}

_effect(condition) := "it never matches" if not condition.operator.negated

_effect(condition) := "it exempts nobody" if condition.operator.negated

# Beside a value that can match it takes nothing away.
_severity(condition) := "error" if {
	every value in condition.values {
		lib.is_misplaced(value.text)
	}
}

_severity(condition) := "warning" if {
	some value in condition.values
	not lib.is_misplaced(value.text)
}
