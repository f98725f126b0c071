# METADATA
# title: No principal can use the key
# description: >-
#   No user, role, service or other account is allowed a cryptographic operation, and without an account statement
#   no IAM policy can allow one. A grant can still let a principal use the key.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-users
# custom:
#   severity: info
#   subject: policy
#   enabled: false
#   when: [access.able]
#   remedy: Name the users of the key in key_users or key_users_roles, or add the account statement.
package keypolicy.rules.lockout["no-key-user"]

import data.keypolicy.lib

findings contains lib.at_key(lib.statement_list, "no principal is allowed to encrypt, decrypt, sign or verify with the key") if {
	not input.template
	count(input.policy.statements) > 0 # another rule reports it
	input.access.able.use == "no"
}

findings contains lib.because("undecided", lib.at_key(lib.statement_list, message)) if {
	not input.template
	input.access.able.undecided == "budget"
	input.access.able.use == "unknown"
	message := "whether anyone is allowed to encrypt, decrypt, sign or verify with the key could not be determined"
}
