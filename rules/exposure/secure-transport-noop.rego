# METADATA
# title: aws:SecureTransport condition without effect
# description: >-
#   KMS accepts only TLS connections, so a condition on aws:SecureTransport changes nothing in a key policy.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/data-protection.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport
# custom:
#   severity: info
#   subject: statement
#   when: [conditions]
#   enabled: false
#   remedy: Remove it.
package keypolicy.rules.exposure["secure-transport-noop"]

import data.keypolicy.lib

findings contains lib.at_key(condition.key.path, message) if {
	some condition in input.statement.conditions
	lower(condition.key.name) == "aws:securetransport"
	message := sprintf("KMS answers only over TLS: `%s` changes nothing in statement %s", [condition.key.text, lib.name(input.statement)])
}
