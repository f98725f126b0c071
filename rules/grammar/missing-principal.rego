# METADATA
# title: Statement without Principal
# description: >-
#   Every statement of a key policy says which principals it applies to. KMS refuses a policy with a statement that
#   names none.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
# custom:
#   severity: error
#   subject: policy
#   when: [faults]
#   remedy: >-
#     Name the principals, as in "Principal": {"AWS": "arn:aws:iam::ACCOUNT:role/NAME"}, with the account's 12 digits
#     for ACCOUNT and the role's name for NAME.
package keypolicy.rules.grammar["missing-principal"]

import data.keypolicy.lib

findings contains lib.at(st.path, message) if {
	some st in _statements
	lib.lacks(st.elements, {"Principal", "NotPrincipal"})
	message := sprintf("statement %s has no `Principal`: KMS refuses the policy", [lib.name(st)])
}

findings contains lib.at(path, message) if {
	some st in _statements
	some name in {"Principal", "NotPrincipal"}
	path := lib.empty(st, name)
	message := sprintf("`%s` of statement %s is empty: KMS refuses the policy", [name, lib.name(st)])
}

findings contains lib.at(key.path, message) if {
	some st in _statements
	some key in st.principal_keys
	key.empty
	key.type != "null" # the schema reports null, wherever it is
	message := sprintf("`%s` of statement %s names nobody: KMS refuses the policy", [key.name, lib.name(st)])
}

_statements := input.policy.statements if not lib.is_identity_policy(input.policy)
