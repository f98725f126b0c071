# METADATA
# title: Deny with several negated conditions in one statement
# description: >-
#   The conditions of a statement must all hold. A Deny for callers that are not of the organization and not from the
#   endpoint lets through who is of the organization from anywhere, and anyone from the endpoint. Networks that are
#   alternatives of one another belong together.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
# custom:
#   severity: warning
#   subject: statement
#   when: [conditions and denies]
#   remedy: >-
#     Write one Deny for the organization and one for the network, if both are to hold.
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
