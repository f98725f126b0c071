# METADATA
# title: Action not supported by the key's type or usage
# description: >-
#   A key has one usage, which cannot be changed: encryption, signatures, MACs or key agreement. An action of
#   another usage fails with InvalidKeyUsageException or UnsupportedOperationException, whoever calls it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-compare.html
# custom:
#   severity: warning
#   subject: statement
#   when: [unfit_actions]
#   remedy: >-
#     Use the actions of the key's usage, or correct the spec's key_spec and key_usage to those of the key.
package keypolicy.rules.actions["action-key-usage-mismatch"]

import data.keypolicy.lib

findings contains lib.at(action.path, message) if {
	input.key.kind != ""
	not input.template
	some action in lib.all_actions(input.statement)
	not lib.is_all(action)
	count(action.effective) > 0
	action.cryptographic == action.effective
	not action.usable
	message := sprintf("a key of spec %s and usage %s does not support `%s`", [input.key.spec, input.key.usage, action.text])
}
