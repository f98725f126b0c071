# METADATA
# title: Access limited only by a value that the caller chooses
# description: >-
#   Callers choose the values of aws:UserAgent and aws:Referer. A condition on one of them keeps out only callers
#   that do not know the value.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-useragent
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-referer
# custom:
#   severity: warning
#   subject: statement
#   when: [conditions]
#   access: [left]
#   remedy: In its place, limit who calls or from where.
package keypolicy.rules.exposure["spoofable-condition"]

import data.keypolicy.lib

findings contains lib.at_key(condition.key.path, message) if {
	lib.takes_effect(input.statement)
	some condition in input.statement.conditions
	lower(condition.key.name) in {"aws:useragent", "aws:referer"}
	not _is_told
	message := sprintf("the caller chooses the value of `%s`, so it does not limit statement %s", [condition.key.text, lib.name(input.statement)])
}

# Other rules report it where everyone or a service is let in.
_is_told if {
	input.statement.effect.text == "Allow"
	some p in input.statement.principals
	p.kind in {"anyone", "service"}
}
