# METADATA
# title: Weak algorithm allowed
# description: >-
#   An RSA key supports algorithms that new applications avoid, RSAES_OAEP_SHA_1 for encryption and RSASSA_PKCS1 for
#   signatures. The caller chooses the algorithm, unless a condition does.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-algorithm
# custom:
#   severity: info
#   subject: statement
#   when: [rsa_key]
#   access: [left]
#   remedy: Add a condition with the algorithm that you use, such as RSAES_OAEP_SHA_256 or RSASSA_PSS_SHA_256.
package keypolicy.rules.privilege["weak-algorithm-allowed"]

import data.keypolicy.lib

findings contains lib.at(entry.path, message) if {
	startswith(input.key.spec, "RSA_")
	choice := _choices[input.key.usage]
	st := input.statement
	st.effect.text == "Allow"
	not lib.asks(st, {choice.key})
	some entry in st.actions
	not entry.wildcard
	lower(entry.text) == choice.action
	some p in st.principals
	lib.able(p, entry.matches)
	message := sprintf("statement %s leaves the algorithm to the caller: `%s` may use %s, unless a condition on `%s` says which", [
		lib.name(st), entry.text, choice.weak, choice.key,
	])
}

_choices := {
	"ENCRYPT_DECRYPT": {"action": "kms:encrypt", "key": "kms:EncryptionAlgorithm", "weak": "`RSAES_OAEP_SHA_1`"},
	"SIGN_VERIFY": {"action": "kms:sign", "key": "kms:SigningAlgorithm", "weak": "`RSASSA_PKCS1_V1_5_SHA_256`"},
}
