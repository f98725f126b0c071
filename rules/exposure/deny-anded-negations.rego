# METADATA
# title: Deny with several negated conditions in one statement
# description: >-
#   A statement applies only if all of its conditions are met. A Deny for callers that are outside of the
#   organization and outside of the endpoint does not deny a caller that is inside of one of them. Conditions on
#   networks that are alternatives to each other belong in one statement.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
# custom:
#   severity: warning
#   subject: statement
#   when: [conditions and denies]
#   remedy: Write one Deny for the organization and one for the network, if both are required.
package keypolicy.rules.exposure["deny-anded-negations"]

import data.keypolicy.lib

findings contains lib.among(lib.beside(lib.at_key(network.key.path, message), caller.key.path, "and this"), [c.key.path | some c in networks]) if {
	st := input.statement
	st.effect.text == "Deny"
	count(st.conditions) > 1
	some caller in st.conditions
	caller.operator.negated
	lower(caller.key.name) in {"aws:principalorgid", "aws:principalaccount", "kms:calleraccount", "aws:principalorgpaths"}
	networks := [c | some c in st.conditions; c.operator.negated; lower(c.key.name) in _network]
	count(networks) > 0
	network := networks[0]
	message := sprintf("statement %s denies only callers that fail both `%s` and `%s`: a caller that meets one of them is not denied", [lib.name(st), caller.key.text, network.key.text])
}

_network := {"aws:sourcevpc", "aws:sourcevpce", "aws:sourceip", "aws:vpcsourceip"}
