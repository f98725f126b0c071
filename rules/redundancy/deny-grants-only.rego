# METADATA
# title: Deny that only affects grants
# description: >-
#   Nobody is allowed what this statement denies, and no IAM policy could allow it, because the account statement is
#   missing. The only effect of the statement is that grants cannot allow it either.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
# custom:
#   aliases: [deny-without-effect]
#   severity: info
#   subject: policy
#   when: [denies]
#   access: [statements]
#   remedy: Remove it, unless it is there for grants or for statements that others may add.
package keypolicy.rules.redundancy["deny-grants-only"]

import data.keypolicy.lib

findings contains lib.at(lib.action_element(st), message) if {
	not input.template
	some report in input.access.statements
	report.status == "grants_only"
	st := input.policy.statements[report.index]
	message := sprintf("statement %s denies what no principal is allowed: it only affects grants", [lib.name(st)])
}
