# METADATA
# title: Administration by another account
# description: >-
#   Another account that is allowed kms:* can decrypt, create any grant and revoke the grants of others. AWS ignores
#   kms:PutKeyPolicy and similar actions of another account today, but that is not a reason to allow them. Actions
#   that are listed by name and have no effect for another account are reported by action-not-cross-account. An
#   account that the configuration trusts is not reported. This is
#   a warning, and not an error, for the key of IAM Identity Center, which a delegated administrator's account
#   administers too; where a Deny prevents the other account from creating grants of its own; and where the key's
#   account is not known and several accounts are allowed kms:*, because all but one of them are other accounts.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
#   - ref: https://docs.aws.amazon.com/singlesignon/latest/userguide/baseline-KMS-key-policy.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
# custom:
#   severity: error
#   subject: policy
#   when: [outside_edits, edits and unknown_account]
#   access: [left]
#   remedy: List what the other account needs, such as kms:Decrypt and kms:DescribeKey.
package keypolicy.rules.privilege["external-admin"]

import data.keypolicy.lib

findings contains object.union(
	lib.among(lib.beside(_helped(st, lib.at(entry.path, message)), holders[0].path, "this is the other account"), [e.path | some e in _wide(st)]),
	{"severity": _severity(st, entry, holders)},
) if {
	some st in input.policy.statements
	lib.gives(st, "kms:PutKeyPolicy")
	some entry in array.slice(_wide(st), 0, 1)
	holders := [holder | some holder in lib.external_holders(st, input); _administers(holder, entry)]
	count(holders) > 0
	message := sprintf(
		"statement %s allows `%s` to %s, of another account: %s%s",
		[lib.name(st), entry.text, lib.called(holders), _what(entry, holders), lib.account_note(input.key)],
	)
}

# The key's account is not known, and one of several is another account's.
findings contains object.union(lib.among(lib.beside(lib.at(second.path, message), first.path, "this is the first"), [p.path | some p in holders]), {"severity": "warning"}) if {
	input.key.account == ""
	holders := [p |
		some st in input.policy.statements
		lib.gives(st, "kms:PutKeyPolicy")
		some p in st.principals
		p.relation == "unknown"
		lib.is_account_id(p.account)
		lib.unlimited(p, "kms:PutKeyPolicy")
	]
	first := holders[0]
	second := [p | some p in holders; p.account != first.account][0]
	message := sprintf(
		"accounts %s administer the key: whichever of them it belongs to, the others are other accounts",
		[lib.several(_accounts(holders))],
	)
}

# Who shares the statement keeps its actions.
_helped(st, finding) := finding if not _has_others(st)

_helped(st, finding) := lib.remedied(finding, "name the other account in a statement of its own, and list what it needs, such as kms:Decrypt and kms:DescribeKey") if {
	_has_others(st)
}

_has_others(st) if {
	some p in st.principals
	p.relation != "other"
}

_accounts(holders) := [p.account | some i, p in holders; not p.account in {q.account | some q in array.slice(holders, 0, i)}]

_severity(st, entry, holders) := "warning" if _is_lesser(st, entry, holders)

_severity(st, entry, holders) := "error" if not _is_lesser(st, entry, holders)

# https://docs.aws.amazon.com/singlesignon/latest/userguide/baseline-KMS-key-policy.html
_is_lesser(st, _, _) if _delegates(st)

_is_lesser(_, entry, holders) if _revokes_only(entry, holders)

# Who makes no grant to its liking hands nothing on.
_revokes_only(entry, holders) if {
	"kms:CreateGrant" in entry.matches
	count(_those_who(holders, "kms:CreateGrant")) == 0
}

_those_who(holders, action) := [holder | some holder in holders; lib.unlimited(holder, action)]

_delegates(st) if {
	every p in st.principals {
		p.kind == "account"
	}
	some service in input.facts.services
	service.delegates
}

_wide(st) := [entry |
	some entry in st.actions
	entry.wildcard
	"kms:PutKeyPolicy" in entry.matches
]

# KMS lets other accounts make and revoke grants; what else administers the key has no effect for them.
_administers(holder, entry) if {
	"kms:CreateGrant" in entry.matches
	some action in ["kms:CreateGrant", "kms:RevokeGrant"]
	lib.unlimited(holder, action)
}

_administers(holder, entry) if {
	not "kms:CreateGrant" in entry.matches
	lib.able(holder, {"kms:PutKeyPolicy"})
}

_what(entry, holders) := sprintf("it can %s", [_phrase([verb |
	some [verb, action] in [["decrypt", "kms:Decrypt"], ["create any grant", "kms:CreateGrant"], ["revoke any grant", "kms:RevokeGrant"]]
	count(_those_who(holders, action)) > 0
])]) if "kms:CreateGrant" in entry.matches

_what(entry, _) := "administration of the key stays in its own account" if not "kms:CreateGrant" in entry.matches

_phrase(verbs) := "decrypt, and create and revoke any grant" if count(verbs) == 3

_phrase(verbs) := concat(" and ", verbs) if count(verbs) < 3
