# METADATA
# title: Service can administer the key
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

findings contains lib.at(actions[0].path, message) if {
	st := input.statement
	st.effect.text == "Allow"
	services := [p | some p in st.principals; p.kind == "service"; _administers(p, st.actions)]
	actions := [action | some action in st.actions; some p in array.slice([q | some q in services; _administers(q, [action])], 0, 1)]
	count(actions) > 0
	message := sprintf("statement %s lets %s administer the key: %s", [lib.name(st), lib.several([p.text | some p in services]), _why(actions)])
}

_administers(p, actions) if {
	some action in actions
	lib.able(p, _reached(action))
}

_reached(action) := [name | some name in action.administrative; not name in _for_services]

# Services make grants for what they run, and take them back.
_for_services := {"kms:CreateGrant", "kms:RevokeGrant"}

_why(actions) := sprintf("%s are not actions for a service", [lib.several([action.text | some action in actions])]) if count(actions) > 1

_why(actions) := sprintf("`%s` takes in %s", [actions[0].text, lib.several(_reached(actions[0]))]) if {
	count(actions) == 1
	actions[0].wildcard
}

_why(actions) := sprintf("`%s` is not an action for a service", [actions[0].text]) if {
	count(actions) == 1
	not actions[0].wildcard
}
