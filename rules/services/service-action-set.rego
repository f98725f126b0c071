# METADATA
# title: Service lacks actions that it uses
# description: >-
#   The guides of AWS services list the actions that each service uses on a key. A statement with none of them gives
#   the service nothing that it needs.
# related_resources:
#   - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html
# custom:
#   severity: warning
#   subject: statement
#   when: [services]
#   access: [left]
#   remedy: List the actions from the service's guide.
package keypolicy.rules.services["service-action-set"]

import data.keypolicy.lib

findings contains lib.remedied(lib.at(p.path, message), help) if {
	st := input.statement
	st.effect.text == "Allow"
	lib.takes_effect(st)
	count(st.actions) > 0
	reached := {name | some action in st.actions; some name in action.effective}
	_uses_key(st)
	some p in st.principals
	p.kind == "service"
	known := input.facts.services[p.text]
	count(known.documented) > 0
	wanted := {name | some documented in known.documented; some name in documented.actions}
	count(reached & wanted) == 0
	message := sprintf("statement %s gives `%s` only %s, which the service does not use", [lib.name(st), p.text, lib.several([a.text | some a in st.actions])])
	help := sprintf("it uses %s", [concat(", ", wanted)])
}

_uses_key(st) if {
	some action in st.actions
	count(action.cryptographic) > 0
}
