# METADATA
# title: Named principal gets nothing beyond the account statement
# description: >-
#   A statement allows a user or a role only actions that IAM policies can already allow it by the account
#   statement. It saves an IAM policy, and is not needed otherwise.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-root-enable-iam
# custom:
#   severity: info
#   subject: policy
#   when: [wide_names]
#   remedy: Remove it and allow the actions in an IAM policy, or list only the actions that are needed.
package keypolicy.rules.redundancy["named-principal-under-account"]

import data.keypolicy.lib

findings contains lib.beside(lib.at(p.path, message), root.path, "this is the account statement") if {
	some root in array.slice(lib.delegating(input.policy.statements), 0, 1)
	some st in input.policy.statements
	st.index != root.index
	st.effect.text == "Allow"
	count(st.conditions) == 0
	count(st.actions) > 0
	lib.actions_of(st) == lib.actions_of(root)
	some p in lib.named(st)
	p.relation in {"own", "unknown"}
	message := sprintf("statement %s gives `%s` only what IAM policies can give it by statement %s", [lib.name(st), p.text, lib.name(root)])
}
