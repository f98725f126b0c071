# METADATA
# title: Allow with NotPrincipal
# description: >-
#   An Allow with NotPrincipal allows everyone in every AWS account, and callers without credentials, except the few
#   that it names. AWS strongly advises against it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
# custom:
#   severity: error
#   subject: statement
#   when: [not_elements]
#   remedy: Name those who get access in Principal. To exclude some of them, write a Deny.
package keypolicy.rules.principals["not-principal-allow"]

import data.keypolicy.lib

findings contains lib.at_key(["NotPrincipal"], message) if {
	st := input.statement
	st.effect.text == "Allow"
	count(st.not_principals) > 0
	not lib.has(st, "Principal") # another rule reports it
	message := sprintf("statement %s allows %s to everyone in every AWS account except %s", [
		lib.name(st),
		_actions(st),
		lib.several([p.text | some p in st.not_principals]),
	])
}

_actions(st) := lib.several([a.text | some a in st.actions]) if count(st.actions) > 0

_actions(st) := "everything except its NotAction" if count(st.actions) == 0
