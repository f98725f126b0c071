# METADATA
# title: Too many principals in one statement
# description: >-
#   A statement that names more than a hundred principals is hard to review, and a policy has at most 32 KB. A
#   condition can say what the principals have in common.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
# custom:
#   severity: info
#   subject: statement
#   enabled: false
#   remedy: Allow the account with ArnLike on aws:PrincipalArn, aws:PrincipalTag or aws:PrincipalOrgID.
package keypolicy.rules.privilege["too-many-principals"]

import data.keypolicy.lib

findings contains lib.at(lib.principal_element(st), message) if {
	st := input.statement
	number := count(st.principals)
	number > 100
	message := sprintf("statement %s names %d principals", [lib.name(st), number])
}
