# METADATA
# title: Duplicate Sid
# description: >-
#   IAM requires each Sid in a policy to be unique, and an article of AWS lists duplicate Sids among the causes of
#   MalformedPolicyDocumentException. Whether KMS always refuses them is not documented, and AWS's own guides
#   contain some. Findings, suppressions and differences name statements by their Sid.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
# custom:
#   severity: warning
#   subject: policy
#   when: [repeated_sids]
#   remedy: Give one of the two statements another Sid.
package keypolicy.rules.grammar["duplicate-sid"]

import data.keypolicy.lib

findings contains lib.pair(lib.at(later.sid.path, message), earlier.sid.path, "it is listed here already") if {
	statements := input.policy.statements
	sorted := sort([[st.sid.text, i] | some i, st in statements; st.sid.text != ""])
	some n, b in sorted
	a := sorted[n - 1]
	a[0] == b[0]
	earlier := statements[a[1]]
	later := statements[b[1]]
	message := sprintf("two statements have the Sid `%s`", [later.sid.text])
}
