# METADATA
# title: Action of another service
# description: >-
#   A key policy is evaluated only for requests to KMS. It may contain an action of another service, which has no
#   effect.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
# custom:
#   severity: error
#   subject: statement
#   when: [odd_actions]
#   remedy: Remove it, or move it to an IAM policy or to the resource policy of that service.
package keypolicy.rules.actions["foreign-service-action"]

import data.keypolicy.lib

findings contains finding if {
	some action in lib.all_actions(input.statement)
	service := lower(action.service)
	not service in {"", "*", "kms"}
	regex.match(`^[a-z0-9-]+$`, service)
	regex.match(`^[A-Za-z0-9*?]+$`, action.name)
	finding := _finding(action)
}

_finding(action) := lib.meant(lib.at(action.path, _misspelt(action)), sprintf("kms:%s", [action.name])) if _is_kms(action)

_finding(action) := lib.at(action.path, _foreign(action)) if not _is_kms(action)

# The service is a slip where KMS has the action.
_is_kms(action) if {
	lower(action.service) in {"km", "ksm", "kmss", "mks", "kns", "kmd"}
}

_misspelt(action) := sprintf("`%s` is not an action of KMS: the service before the colon is `%s`", [action.text, action.service])

_foreign(action) := sprintf("`%s` is an action of another service: in a key policy it %s nothing", [action.text, lib.does(input.statement)])
