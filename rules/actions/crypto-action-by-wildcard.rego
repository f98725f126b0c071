# METADATA
# title: Action pattern gives key administrators cryptographic actions
# description: >-
#   An action pattern often matches more than its name suggests. kms:G* also matches kms:GenerateDataKey, and
#   kms:De* matches kms:Decrypt. Principals that should only administer the key can then decrypt data.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
#   - ref: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
# custom:
#   severity: warning
#   subject: statement
#   when: [mixed_patterns]
#   access: [left]
#   remedy: List the actions, or use narrower patterns such as kms:Get*, kms:Describe* and kms:Delete*.
package keypolicy.rules.actions["crypto-action-by-wildcard"]

import data.keypolicy.lib

findings contains lib.at(action.path, message) if {
	st := input.statement
	st.effect.text == "Allow"
	some action in st.actions
	action.wildcard
	not lib.is_all(action)
	reached := action.cryptographic
	count(reached) > 0
	count(reached) < count(action.matches)
	_can(st, reached)
	_administers(st, action)
	not _uses(st)
	message := sprintf("`%s` lets the administrators of statement %s use the key too: it matches %s", [action.text, lib.name(st), lib.several(reached)])
}

# The statement administers by another action than this pattern, and not only grants.
_can(st, reached) if {
	some p in st.principals
	lib.able(p, reached)
}

_administers(st, action) if {
	some other in st.actions
	other.text != action.text
	not lib.is_all(other)
	count(other.cryptographic) == 0
	reached := [name | some name in other.administrative; name != "kms:CreateGrant"; name != "kms:RevokeGrant"]
	count(reached) > 0
}

# It uses the key on purpose: by an action, or by a pattern only for that.
_uses(st) if {
	some action in st.actions
	reached := action.cryptographic
	count(reached) > 0
	count(reached) == count(action.matches)
}

_uses(st) if {
	some action in st.actions
	lib.is_all(action)
}
