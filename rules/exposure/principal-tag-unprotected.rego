# METADATA
# title: Access by tags that another account controls
# description: >-
#   An account controls the tags of its own roles. If another account as a whole is limited only by
#   aws:PrincipalTag, that account decides which of its principals get in.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/introduction_attribute-based-access-control.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principaltag
# custom:
#   severity: info
#   subject: statement
#   when: [conditions]
#   access: [left]
#   remedy: Name the roles of the other account, or limit their ARNs by paths with aws:PrincipalArn.
package keypolicy.rules.exposure["principal-tag-unprotected"]

import data.keypolicy.lib

findings contains lib.at_key(condition.key.path, message) if {
	st := input.statement
	st.effect.text == "Allow"
	lib.takes_effect(st)
	others := [p.text | some p in st.principals; p.kind == "account"; lib.other_account(p)]
	count(others) > 0
	some condition in st.conditions
	startswith(lower(condition.key.text), "aws:principaltag/")
	every other in st.conditions {
		startswith(lower(other.key.text), "aws:principaltag/")
	}
	message := sprintf("%s sets the tags of its roles itself, so `%s` does not limit which of them get in", [lib.several(others), condition.key.text])
}
