# METADATA
# title: Action pattern gives key users administrative actions
# description: >-
#   An action pattern often matches more than its name suggests. kms:Re* also matches kms:RevokeGrant and
#   kms:ReplicateKey, and kms:*Key* matches nearly every action. Principals that should only use the key can then
#   change it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
#   - ref: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
# custom:
#   severity: warning
#   subject: statement
#   when: [mixed_patterns]
#   access: [left]
#   remedy: List the actions, or use narrower patterns such as kms:ReEncrypt* and kms:GenerateDataKey*.
package keypolicy.rules.actions["admin-action-by-wildcard"]

import data.keypolicy.lib

findings contains lib.at(action.path, message) if {
	st := input.statement
	st.effect.text == "Allow"
	some action in st.actions
	action.wildcard
	not lib.is_all(action)
	reached := action.administrative
	count(reached) > 0
	count(action.cryptographic) > 0 # a pattern only for administration is reported by another rule
	_can(st, reached)
	not _administers(st)
	not _all_own_accounts(st)
	message := sprintf("`%s` lets the users of statement %s administer the key too: it matches %s", [action.text, lib.name(st), lib.several(reached)])
}

# An action, or a pattern only for administration, that says so openly. Grants are made by users too.
_can(st, reached) if {
	some p in st.principals
	lib.able(p, reached)
}

_administers(st) if {
	some action in st.actions
	reached := [name | some name in action.administrative; name != "kms:CreateGrant"; name != "kms:RevokeGrant"]
	count(reached) > 0
	count(action.cryptographic) == 0
	_openly(action)
}

_openly(action) if not action.wildcard

_openly(action) if lower(action.text) in {"kms:put*", "kms:update*", "kms:disable*", "kms:enable*", "kms:delete*", "kms:schedule*", "kms:cancel*", "kms:tag*", "kms:untag*"}

_openly(action) if lib.is_all(action)

# The account's own statement delegates; what IAM makes of it is not judged here.
_all_own_accounts(st) if {
	every p in st.principals {
		lib.is_own_account(p)
	}
}
