# METADATA
# title: Service can administer the key
# description: >-
#   A service needs a few cryptographic actions, kms:DescribeKey and at most kms:CreateGrant. With kms:* or an
#   administrative action, whoever controls the service can change the key.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/service-integration.html
# custom:
#   severity: error
#   subject: statement
#   when: [services]
#   access: [confused_deputy, left]
#   remedy: List the actions from the service's guide.
package keypolicy.rules.services["service-gets-admin"]

import data.keypolicy.lib

findings contains lib.among(lib.remedied(lib.at(actions[0].path, message), _help(services, actions)), [action.path | some action in actions]) if {
	st := input.statement
	st.effect.text == "Allow"
	services := [p | some p in st.principals; _is_judged(st, p); count(lib.administering(st, [p])) > 0]
	actions := lib.administering(st, services)
	count(actions) > 0
	message := sprintf("statement %s lets %s administer the key: %s", [lib.name(st), lib.several([p.text | some p in services]), _why(actions)])
}

# Where no condition says for whom, service-principal-unrestricted reports the administration too.
_is_judged(_, p) if {
	p.kind == "service"
	_uses_callers(p)
}

_is_judged(st, p) if {
	p.kind == "service"
	not lib.acts_for_anyone(st, p)
}

_uses_callers(p) if lib.uses_callers(p.text, input.facts.services)

# A service that hardly calls as itself needs no statement.
_help(services, actions) := sprintf("remove %s: a service that uses keys with its callers' credentials or by grants needs no statement of its own. Allow its users, with `kms:ViaService` as the condition", [
	lib.several([action.text | some action in actions]),
]) if {
	every p in services { _uses_callers(p) }
} else := "write the actions that the service's guide lists"

_why(actions) := sprintf("%s are not actions for a service", [lib.several([action.text | some action in actions])]) if count(actions) > 1

_why(actions) := sprintf("`%s` matches every action", [actions[0].text]) if {
	count(actions) == 1
	lib.is_all(actions[0])
}

_why(actions) := sprintf("`%s` matches %s", [actions[0].text, lib.several(lib.administration(actions[0]))]) if {
	count(actions) == 1
	actions[0].wildcard
	not lib.is_all(actions[0])
}

_why(actions) := sprintf("`%s` is not an action for a service", [actions[0].text]) if {
	count(actions) == 1
	not actions[0].wildcard
}
