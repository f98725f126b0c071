# METADATA
# title: Allow with NotPrincipal
# description: >-
#   AWS does not support NotPrincipal with Allow. Where such a statement takes effect nevertheless, it may allow
#   everyone in every AWS account except the few that it names.
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
	message := sprintf("statement %s may allow %s to everyone in every AWS account except %s: AWS does not support `NotPrincipal` with `Allow`", [
		lib.name(st),
		_actions(st),
		lib.several([p.text | some p in st.not_principals]),
	])
}

_actions(st) := lib.several([a.text | some a in st.actions]) if count(st.actions) > 0

_actions(st) := "everything except its NotAction" if count(st.actions) == 0
