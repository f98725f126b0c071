# METADATA
# title: Service and AWS principals in one statement
# description: >-
#   Requests that a service makes as itself have aws:SourceAccount and aws:SourceArn, and requests of users and
#   roles do not. In a statement for both, the condition fits the service, but users and roles never meet it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceaccount
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-aws.html
# custom:
#   severity: warning
#   subject: statement
#   when: [services and conditions]
#   access: [left]
#   remedy: >-
#     Split the statement into one for the service, with its condition, and one for the users and roles, without it.
package keypolicy.rules.services["service-and-aws-mixed"]

import data.keypolicy.lib

findings contains lib.among(
	lib.beside(lib.at(callers[0].path, message), condition.key.path, "this is only in requests of services"),
	[p.path | some p in callers],
) if {
	st := input.statement
	st.effect.text == "Allow"
	lib.takes_effect(st)
	some service in array.slice([p | some p in st.principals; p.kind == "service"], 0, 1)
	callers := [p | some p in st.principals; p.kind in {"account", "user", "role", "session", "anyone"}]
	count(callers) > 0
	conditions := [c | some c in st.conditions; lower(c.key.name) in lib.source_keys; not lib.absent_passes(c)]
	count(conditions) > 0
	condition := conditions[0]
	message := sprintf("`%s` is a condition for `%s`: `%s` in the same statement never meets it", [condition.key.text, service.text, callers[0].text])
}
