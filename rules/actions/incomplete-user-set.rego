# METADATA
# title: Incomplete set of actions for key users
# description: >-
#   Some operations need a second action. ReEncrypt needs one for each of its keys, callers that sign usually fetch
#   the public key too, and a multipart upload to S3 needs kms:Decrypt in addition to kms:GenerateDataKey.
# related_resources:
#   - ref: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
#   - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
# custom:
#   severity: info
#   subject: statement
#   enabled: false
#   remedy: Add the missing action, unless the principal is allowed it elsewhere.
package keypolicy.rules.actions["incomplete-user-set"]

import data.keypolicy.lib

findings contains lib.because(reason, lib.among(lib.at(reaching[0].path, message), [action.path | some action in reaching])) if {
	st := input.statement
	st.effect.text == "Allow"
	reached := {name | some action in st.actions; some name in action.matches}
	some [reason, one, other, why] in _pairs
	one in reached
	not other in reached
	_applies(reason, st)
	reaching := [action | some action in st.actions; one in action.matches]
	message := sprintf("statement %s allows `%s` but not `%s`: %s", [lib.name(st), one, other, why])
}

_pairs := [
	["re-encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "re-encrypting under this key needs both"],
	["public-key", "kms:Sign", "kms:GetPublicKey", "callers that sign usually fetch the public key too"],
	["s3-multipart", "kms:GenerateDataKey", "kms:Decrypt", "a multipart upload to S3 decrypts its parts"],
]

_applies("re-encrypt", _)

_applies("public-key", _)

_applies("s3-multipart", st) if {
	some condition in st.conditions
	lower(condition.key.text) == "kms:viaservice"
	some value in condition.values
	startswith(value.text, "s3.")
}
