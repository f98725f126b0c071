# METADATA
# title: Action does not fit the key's origin or kind
# description: >-
#   Key material can be imported only into a key of origin EXTERNAL, automatic rotation is for symmetric keys whose
#   material KMS created, and only a multi-Region key has replicas. For any other key such an action fails, whoever
#   calls it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
# custom:
#   severity: info
#   subject: statement
#   when: [unfit_actions]
#   remedy: Remove the action, or correct the spec's key_spec, origin and multi_region to those of the key.
package keypolicy.rules.actions["action-key-origin-mismatch"]

import data.keypolicy.lib

findings contains lib.at(action.path, message) if {
	input.key.kind != ""
	not input.template
	some action in lib.all_actions(input.statement)
	known := action.facts
	known.effective
	not known.cryptographic
	fault := _fault(known)
	message := sprintf("`%s` %s", [action.text, fault])
}

_fault(known) := sprintf("works only with keys of origin %s, and this key's origin is %s", [concat(" or ", known.origins), input.key.origin]) if {
	count(known.origins) > 0
	input.key.kind in known.key_kinds
	not input.key.origin in known.origins
}

_fault(known) := sprintf("does not work with a key of spec %s and usage %s", [input.key.spec, input.key.usage]) if {
	not input.key.kind in known.key_kinds
}

_fault(known) := "works only with multi-Region keys, and this key is not one" if {
	input.key.kind in known.key_kinds
	count(known.key_types) > 0
	not input.key.multi_region
}
