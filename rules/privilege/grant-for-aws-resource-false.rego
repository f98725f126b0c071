# METADATA
# title: kms:GrantIsForAWSResource set to false
# description: >-
#   kms:GrantIsForAWSResource is true if an AWS service creates the grant on behalf of the caller. An Allow with the
#   value false lets a principal create grants by hand, but not through a service. KMS sends the key with every
#   CreateGrant, so IfExists is not needed and can only do harm.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-grant-is-for-aws-resource
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   access: [left]
#   remedy: 'Write "Bool": {"kms:GrantIsForAWSResource": "true"} in a statement for kms:CreateGrant, kms:ListGrants and kms:RevokeGrant.'
package keypolicy.rules.privilege["grant-for-aws-resource-false"]

import data.keypolicy.lib

findings contains lib.at(value.path, message) if {
	some condition in _conditions
	every v in condition.values {
		lower(v.text) == "false" # both values are reported by another rule
	}
	some value in condition.values
	message := sprintf(
		"statement %s allows `kms:CreateGrant` only to create grants by hand: `kms:GrantIsForAWSResource` is `false` where no AWS service creates the grant",
		[lib.name(input.statement)],
	)
}

# A missing key is what IfExists lets pass; KMS sends this one, so it is reported as a warning only.
findings contains object.union(lib.at_key(condition.operator.path, message), {"severity": "warning"}) if {
	some condition in _conditions
	condition.operator.if_exists
	every value in condition.values {
		lower(value.text) == "true"
	}
	message := sprintf(
		"`%s` on `kms:GrantIsForAWSResource` lets statement %s allow `kms:CreateGrant` also without the key: KMS sends it with every CreateGrant, so `Bool` is enough",
		[condition.operator.text, lib.name(input.statement)],
	)
}

_conditions := [condition |
	some condition in input.statement.conditions
	condition.key.name == "kms:GrantIsForAWSResource"
	condition.operator.base == "Bool"
	lib.gives(input.statement, "kms:CreateGrant")
	some holder in input.statement.principals
	lib.able(holder, {"kms:CreateGrant"})
]
