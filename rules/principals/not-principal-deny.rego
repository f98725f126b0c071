# METADATA
# title: Deny with NotPrincipal
# description: >-
#   A Deny with NotPrincipal exempts a session of a role only if it names the session, the role and their account.
#   Otherwise it denies principals that it should exempt, possibly the administrators. KMS documents only Principal.
#   A Deny for "*" with ArnNotLike on aws:PrincipalArn exempts the principals that it names.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
# custom:
#   severity: warning
#   subject: statement
#   when: [denies]
#   remedy: >-
#     Write "Principal": "*" and a condition "ArnNotLike": {"aws:PrincipalArn": […]} with the principals to exempt.
package keypolicy.rules.principals["not-principal-deny"]

import data.keypolicy.lib

findings contains lib.proposed(lib.at_key(["NotPrincipal"], message), help, edits) if {
	st := input.statement
	st.effect.text == "Deny"
	count(st.not_principals) > 0
	not lib.has(st, "Principal") # another rule reports it
	message := sprintf("statement %s exempts %s by `NotPrincipal`, but their sessions may still be denied", [
		lib.name(st),
		lib.several([p.text | some p in st.not_principals]),
	])
	edits := [
		{"path": ["NotPrincipal"], "at": "key", "text": "Principal"},
		{"path": ["NotPrincipal"], "value": "*"},
		{"path": [], "add": {"Condition": {"ArnNotLike": {"aws:PrincipalArn": [p.text | some p in st.not_principals]}}}},
	]
	help := sprintf("write `\"Principal\": \"*\"` with `\"ArnNotLike\": {\"aws:PrincipalArn\": [%s]}`", [concat(", ", [json.marshal(p.text) | some p in st.not_principals])])
}
