# METADATA
# title: Condition key without its last part
# description: >-
#   Some condition keys are families. After kms:EncryptionContext: comes the name of a pair, after aws:PrincipalTag/
#   the key of a tag, and after kms:RecipientAttestation:PCR a number. No request has the key without it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: Add the missing part.
package keypolicy.rules.conditions["missing-key-suffix"]

import data.keypolicy.lib

findings contains lib.remedied(lib.at_key(condition.key.path, message), help) if {
	some condition in input.statement.conditions
	lib.lacks_suffix(condition.key.text)
	message := sprintf("`%s` needs a name after it: no request has this key", [condition.key.text])
	some family, example in _examples
	startswith(lower(condition.key.text), family)
	help := sprintf("add the missing part, as in %s", [example])
}

_examples := {
	"aws:principaltag": "aws:PrincipalTag/team",
	"aws:requesttag": "aws:RequestTag/team",
	"kms:encryptioncontext": "kms:EncryptionContext:app",
	"kms:recipientattestation": "kms:RecipientAttestation:PCR0",
}
