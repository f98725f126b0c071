# METADATA
# title: Unrestricted import of key material
# description: >-
#   kms:ImportKeyMaterial without conditions lets a principal import key material that expires at any time, or
#   never. Conditions can require an expiration model and a wrapping algorithm. Administrators that can change the
#   policy are not reported.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-expiration-model
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html
# custom:
#   severity: info
#   subject: policy
#   when: [imports]
#   access: [left]
#   remedy: >-
#     Write kms:ImportKeyMaterial in a statement of its own, with a condition on kms:ExpirationModel or kms:ValidTo.
package keypolicy.rules.privilege["import-material-without-limit"]

import data.keypolicy.lib

findings contains lib.at(entry.path, message) if {
	some st in input.policy.statements
	some entry in st.actions
	lower(entry.text) == "kms:importkeymaterial"
	lib.gives(st, "kms:ImportKeyMaterial")
	not lib.asks(st, {"kms:ExpirationModel", "kms:ValidTo", "kms:WrappingAlgorithm", "kms:WrappingKeySpec"})
	holders := [p |
		some p in st.principals
		not p.same in lib.editors(input.policy.statements)
		lib.able(p, {"kms:ImportKeyMaterial"})
	]
	count(holders) > 0
	message := sprintf("statement %s lets %s import any key material: no condition requires an expiration or an algorithm", [
		lib.name(st), lib.called(holders),
	])
}
