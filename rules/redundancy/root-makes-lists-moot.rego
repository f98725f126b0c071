# METADATA
# title: Lists do not limit who can use the key
# description: >-
#   The account statement with kms:* lets IAM policies allow any principal of the account to use the key. The
#   principals that the policy names are then not the only ones that can use it. The console writes policies like
#   this, so this is only info.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-root-enable-iam
# custom:
#   severity: info
#   subject: policy
#   when: [own_account and use]
#   remedy: Keep it, or remove use of the key from the account statement.
package keypolicy.rules.redundancy["root-makes-lists-moot"]

import data.keypolicy.lib

findings contains lib.remedied(lib.at(_place(path), message), _help) if {
	root := [st | some st in input.policy.statements; lib.delegates(st)][0]

	# The first by name, whatever the order of statements and lists.
	named := sort([[q.text, q.path] |
		some st in input.policy.statements
		st.effect.text == "Allow"
		lib.has_use(st)
		not _kept(st)
		some q in st.principals
		q.named
		q.relation in {"own", "unknown"}
	])
	[text, path] := named[0]
	message := sprintf("statement %s lets IAM policies of the account allow others than %s to use the key: the list is not complete", [
		lib.name(root), lib.code(text),
	])
}

# A Deny of the use for everyone but who is named makes the list count.
_kept(st) if {
	some deny in _denies_for_others
	every action in lib.uses(st) {
		every name in action.cryptographic {
			deny.takes[name]
		}
	}
}

_denies_for_others := [st |
	some st in input.policy.statements
	st.effect.text == "Deny"
	_is_for_others(st)
]

_is_for_others(deny) if {
	some p in deny.principals
	p.kind == "anyone"
	count(deny.conditions) > 0
	every condition in deny.conditions {
		lower(condition.key.name) == "aws:principalarn"
		condition.operator.negated
		every value in condition.values {
			not regex.match(`[*?]`, value.text)
		}
	}
}

_is_for_others(deny) if {
	count(deny.not_principals) > 0
	count(deny.conditions) == 0
}

# Of a document's list no principal is at fault. What a spec lists is known by its items.
_place(path) := array.slice(path, 0, count(path) - 1) if {
	input.form != "lists"
	is_number(path[count(path) - 1])
}

_place(path) := path if input.form == "lists"

_place(path) := path if not is_number(path[count(path) - 1])

_help := "keep it, if IAM policies may decide, too: only without the account statement does the list say who gets in" if {
	input.form == "lists"
}

_help := "keep it, or list in the account statement only actions that administer the key" if input.form != "lists"
