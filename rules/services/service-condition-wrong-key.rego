# METADATA
# title: Condition key that the service does not send
# description: >-
#   A service that calls KMS as itself sends neither your aws:SourceIp nor your aws:PrincipalAccount, and its
#   aws:Referer and aws:UserAgent do not mean anything. aws:SourceAccount and aws:SourceArn say for whom it acts.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
# custom:
#   severity: warning
#   subject: statement
#   when: [services and conditions]
#   remedy: Write aws:SourceAccount or aws:SourceArn instead.
package keypolicy.rules.services["service-condition-wrong-key"]

import data.keypolicy.lib

findings contains _helped(lib.among(lib.at_key(condition.key.path, message), [c.key.path | some c in wrong]), condition, lib.source_advice(st, services, input)) if {
	st := input.statement
	st.effect.text == "Allow"
	services := [p.text | some p in st.principals; p.kind == "service"]
	lib.has_wrong_service_key(st)
	wrong := [c | some c in st.conditions; lower(c.key.name) in lib.wrong_service_keys]
	condition := wrong[0]
	message := sprintf("`%s` does not say for whom %s acts: the service calls as itself", [condition.key.text, lib.several(services)])
}

_helped(finding, condition, advice) := lib.proposed(finding, sprintf("write `\"aws:SourceAccount\": \"%s\"`", [input.key.account]), [
	{"path": condition.key.path, "at": "key", "text": "aws:SourceAccount"},
	{"path": condition.key.path, "value": input.key.account},
]) if {
	_is_replaceable(condition, advice)
}

_helped(finding, condition, advice) := lib.remedied(finding, sprintf("in its place, %s", [advice.ask])) if {
	not _is_replaceable(condition, advice)
}

_is_replaceable(condition, advice) if {
	condition.operator.text == "StringEquals"
	advice.condition == {"StringEquals": {"aws:SourceAccount": input.key.account}}
}
