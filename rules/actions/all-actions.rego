# METADATA
# title: All actions allowed to a principal
# description: >-
#   kms:* matches every action that exists now or is added later, such as reading data, creating grants, changing
#   the policy and scheduling the deletion of the key. For the key's own account it is the usual delegation to IAM;
#   for any other principal it is more than it needs.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
# custom:
#   severity: warning
#   subject: statement
#   when: [wide_names]
#   access: [stranger, left]
#   remedy: 'List the actions: those that the console gives key administrators if they administer the key, or else those that it gives key users.'
package keypolicy.rules.actions["all-actions"]

import data.keypolicy.lib

findings contains object.union(lib.at(action.path, message), {"severity": _severity(named)}) if {
	st := input.statement
	st.effect.text == "Allow"
	some action in st.actions
	lib.is_all(action)
	named := [p.text | some p in st.principals; _is_told(p); lib.able(p, action.cryptographic); lib.able(p, lib.administrative)]
	count(named) > 0
	message := sprintf("statement %s gives %s every action of KMS, including future ones", [lib.name(st), lib.several(named)])
}

# "*" with a condition on the account is another way to write the account statement.
_severity(["*"]) := "info"

_severity(named) := "warning" if named != ["*"]

# Other accounts, services and "*" for outsiders have rules of their own.
_is_told(p) if {
	p.kind in {"user", "role", "session", "federated_user", "unique_id"}
	p.relation in {"own", "unknown", "none"}
}

_is_told(p) if {
	p.kind == "anyone"
	input.statement.access.stranger.answer == "no"
}
