# METADATA
# title: A service uses the key and does not administer it
# description: >-
#   A service needs a few actions on data, kms:DescribeKey and at most kms:CreateGrant. With kms:* or an administrative
#   action whoever drives the service can change the key.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/service-integration.html
# custom:
#   severity: error
#   subject: statement
#   when: [services]
#   access: [left]
#   remedy: >-
#     Write the actions that the service's guide lists.
package keypolicy.rules.services["service-gets-admin"]

import data.keypolicy.lib

findings contains lib.at(action.path, message) if {
	st := input.statement
	st.effect.text == "Allow"
	some action in st.actions
	reached := [name | some name in action.administrative; not name in _for_services]
	count(reached) > 0
	services := [p.text | some p in st.principals; p.kind == "service"; lib.able(p, reached)]
	count(services) > 0
	message := sprintf("statement %s lets %s administer the key: %s", [lib.name(st), lib.several(services), _takes_in(action, reached)])
}

# Services make grants for what they run, and take them back.
_for_services := {"kms:CreateGrant", "kms:RevokeGrant"}

_takes_in(action, reached) := sprintf("`%s` takes in %s", [action.text, lib.several(reached)]) if action.wildcard

_takes_in(action, _) := sprintf("`%s` is no action for a service", [action.text]) if not action.wildcard
