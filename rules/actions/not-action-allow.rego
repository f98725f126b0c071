# METADATA
# title: Allow with NotAction
# description: >-
#   An Allow with NotAction allows every action that is not listed, including those that AWS adds to KMS later.
#   PutKeyPolicy, CreateGrant and Decrypt are among them unless they are listed.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
# custom:
#   severity: warning
#   subject: statement
#   when: [not_elements]
#   access: [left]
#   remedy: Use Action with the actions that are needed. To prevent an action, write a Deny with Action.
package keypolicy.rules.actions["not-action-allow"]

import data.keypolicy.lib

findings contains lib.at_key(element.path, message) if {
	st := input.statement
	st.effect.text == "Allow"
	lib.takes_effect(st)
	count(st.not_actions) > 0
	not lib.has(st, "Action") # another rule reports it
	some element in st.elements
	element.name == "NotAction"
	message := sprintf("statement %s allows everything except %s, including actions that AWS adds later", [lib.name(st), lib.several([a.text | some a in st.not_actions])])
}
