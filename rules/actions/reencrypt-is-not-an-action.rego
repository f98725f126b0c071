# METADATA
# title: kms:ReEncrypt does not exist as an action
# description: >-
#   ReEncrypt is an API operation but not an action. It requires kms:ReEncryptFrom on the key that the data is
#   encrypted under, and kms:ReEncryptTo on the key that it is encrypted under next. KMS accepts kms:ReEncrypt in a
#   policy, but it has no effect.
# related_resources:
#   - ref: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
#   - ref: https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html
# custom:
#   severity: error
#   subject: statement
#   when: [odd_actions]
#   remedy: Write kms:ReEncrypt*, or one of kms:ReEncryptFrom and kms:ReEncryptTo.
package keypolicy.rules.actions["reencrypt-is-not-an-action"]

import data.keypolicy.lib

findings contains lib.proposed(finding, "write `kms:ReEncrypt*`, which is `kms:ReEncryptFrom` and `kms:ReEncryptTo`", [lib.replacing(finding, "kms:ReEncrypt*")]) if {
	some action in lib.all_actions(input.statement)
	lower(action.text) == "kms:reencrypt"
	message := sprintf("`%s` is an operation and not an action: in statement %s it %s nothing", [
		action.text,
		lib.name(input.statement), lib.does(input.statement),
	])
	finding := lib.at(action.path, message)
}
