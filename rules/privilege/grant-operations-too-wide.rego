# METADATA
# title: Grants can give more than their creator has
# description: >-
#   A principal that creates grants decides who else uses the key, outside of the policy. A grant of CreateGrant
#   lets its grantee create further grants. A grant of Decrypt by a principal that may not decrypt gives access that
#   the policy gave to nobody. If the account statement lets IAM policies decide, the policy does not show what a
#   principal may do, and only CreateGrant is reported. Not reported are RetireGrant, as AWS services retire the
#   grants that are created for them, and a statement that limits its grants by more than their operations.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-grant-operations
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
# custom:
#   severity: warning
#   subject: policy
#   when: [conditions]
#   access: [left]
#   remedy: List only operations that the grantee needs and that the creator of the grant may use.
package keypolicy.rules.privilege["grant-operations-too-wide"]

import data.keypolicy.lib

findings contains lib.at(value.path, message) if {
	some [st, value] in _listed
	lower(value.text) == "creategrant"
	message := sprintf(
		"statement %s allows grants with `CreateGrant`: a grantee can pass the key on to others, outside of the policy",
		[lib.name(st)],
	)
}

findings contains lib.at(value.path, message) if {
	some [st, value] in _listed
	lower(value.text) == "decrypt"
	not _delegates
	some p in lib.named(st)
	lib.able(p, {"kms:CreateGrant"})
	not _may_decrypt(p)
	message := sprintf(
		"statement %s lets `%s` give others `kms:Decrypt` by a grant, but no statement allows it to decrypt itself",
		[lib.name(st), p.text],
	)
}

_listed := [[st, value] |
	some st in input.policy.statements
	some condition in st.conditions
	condition.key.name == "kms:GrantOperations"
	not condition.operator.negated
	condition.operator.base != "Null"
	condition.operator.set != "ForAnyValue" # another rule reports it
	lib.gives(st, "kms:CreateGrant")
	some holder in st.principals
	lib.able(holder, {"kms:CreateGrant"})
	not _bounded_otherwise(st)
	some value in condition.values
]

# AWS's own guides list CreateGrant where something else says what the grant is for.
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/zero-etl.creating.html
_bounded_otherwise(st) if {
	some condition in st.conditions
	not condition.key.name in {"kms:GrantOperations", "kms:CallerAccount", "aws:PrincipalAccount", "aws:PrincipalOrgID"}
}

# With the account's statement, IAM policies may allow it.
_delegates if {
	some st in input.policy.statements
	lib.gives(st, "kms:Decrypt")
	some p in st.principals
	p.kind in {"account", "anyone"}
}

_may_decrypt(p) if {
	some st in input.policy.statements
	lib.gives(st, "kms:Decrypt")
	some other in st.principals
	other.same == p.same
	lib.able(other, {"kms:Decrypt"})
}
