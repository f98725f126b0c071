# Who can change the policy, for the rules about lockout.
package keypolicy.lib

# managed_by_aws reports whether a policy document is that of an AWS managed key, which only AWS changes: by its Id, and by
# what such a policy allows, which is use by one account through one service, and reading by that account.
# https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk
managed_by_aws(around) if {
	around.form in {"document", "reply"}
	startswith(around.policy.id.text, "auto-")
	some st in around.policy.statements
	_used_through_service(st)
	every other in around.policy.statements { _of_managed_key(other) }
}

# may_be_managed_by_aws says so of a policy document in which something is not known: what is known fits such a policy.
may_be_managed_by_aws(around) if {
	around.form in {"document", "reply"}
	_may_be_managed_id(around.policy.id)
	some st in around.policy.statements
	_may_be_used_through_service(st)
	every other in around.policy.statements { _may_be_of_managed_key(other) }
}

_may_be_managed_id(id) if is_hole(id)

_may_be_managed_id(id) if startswith(id.text, "auto-")

_may_be_used_through_service(st) if st.open

_may_be_used_through_service(st) if {
	may_be(st.effect, "Allow")
	count(st.principals) > 0
	every p in st.principals { _may_be_anyone(p) }
	_may_limit(st, "kms:ViaService")
	_may_limit(st, "kms:CallerAccount")
}

_may_be_anyone(p) if is_hole(p)

_may_be_anyone(p) if p.kind == "anyone"

_may_limit(st, key) if count(limits(st, {key})) > 0

_may_limit(st, _) if {
	some condition in st.conditions
	some part in [condition, object.get(condition, "operator", {}), object.get(condition, "key", {})]
	is_hole(part)
}

_may_be_of_managed_key(st) if _may_be_used_through_service(st)

_may_be_of_managed_key(st) if may_be(st.effect, "Deny")

_may_be_of_managed_key(st) if {
	every p in st.principals { _may_be_reader(st, p) }
	every a in st.actions {
		not a.does.use
		not a.does.administration
	}
}

_may_be_reader(_, p) if is_hole(p)

_may_be_reader(st, p) if _may_read(st, p)

_used_through_service(st) if {
	st.effect.text == "Allow"
	count(st.principals) > 0
	every p in st.principals { p.kind == "anyone" }
	count(limits(st, {"kms:ViaService"})) > 0
	count(limits(st, {"kms:CallerAccount"})) > 0
}

_of_managed_key(st) if st.effect.text == "Deny"

_of_managed_key(st) if _used_through_service(st)

# The account, and the service itself, read the key.
_of_managed_key(st) if {
	every p in st.principals { _may_read(st, p) }
	every a in st.actions {
		not a.does.use
		not a.does.administration
	}
}

_may_read(_, p) if own_account_or_unknown(p)

_may_read(_, p) if p.kind == "service"

_may_read(st, p) if {
	p.kind == "anyone"
	count(limits(st, {"kms:CallerAccount"})) > 0
}

# own_account_or_unknown reports whether a principal is the key's account, or an account that may be it.
own_account_or_unknown(p) if {
	p.kind == "account"
	p.relation in {"own", "unknown"}
}

# for_managed makes a finding of category lockout info where the key is an AWS managed one.
for_managed(around, finding) := object.union(finding, {"severity": "info"}) if managed_by_aws(around)

for_managed(around, finding) := finding if not managed_by_aws(around)

# putting are the statements that allow kms:PutKeyPolicy.
putting(statements) := [st | some st in statements; gives(st, "kms:PutKeyPolicy")]

# may_put are the statements that allow kms:PutKeyPolicy, or may.
may_put(statements) := [st | some st in statements; may_give(st, "kms:PutKeyPolicy")]

# accounts_putting are those of them that name the key's own account, or one that may be it.
accounts_putting(statements) := [st | some st in putting(statements); own_account(st)]

# own_account reports whether a statement names the key's own account, or one that may be it, as a whole.
own_account(st) if {
	some p in st.principals
	p.kind == "account"
	p.relation in {"own", "unknown"}
}

# everyone_puts reports whether a statement allows everyone kms:PutKeyPolicy: other rules report it.
everyone_puts(statements) if {
	some st in putting(statements)
	some p in st.principals
	p.kind == "anyone"
}

# lasts reports whether a principal is permanent: a user, a role, an account or everyone, of the key's account.
lasts(p) if {
	p.kind in {"user", "role", "account", "anyone"}
	p.relation != "other"
	not passing_role(p)
}

# passing_role reports whether a role is one of IAM Identity Center's, whose name changes when it is provisioned again.
# https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
passing_role(p) if {
	p.kind == "role"
	startswith(p.name_path, "aws-reserved/sso.amazonaws.com/")
}

# only_passing reports whether there are principals that may change the policy, and none of them can be counted on, whatever is
# not known.
only_passing(statements) if {
	able := may_put(statements)
	every st in able { not st.open }
	principals := [p | some st in able; some p in st.principals]
	count(principals) > 0
	every p in principals { not _may_last(p) }
}

_may_last(p) if is_hole(p)

_may_last(p) if lasts(p)

# statement_list is the path of the statements as a whole.
statement_list := ["Statement"]

# denying_element is the part of a Deny that matches too much: its conditions, which exempt too few, or the principals that it names.
denying_element(st) := array.concat(st.path, ["Condition"]) if has(st, "Condition")

denying_element(st) := array.concat(st.path, ["NotPrincipal"]) if {
	not has(st, "Condition")
	count(st.not_principals) > 0
}

denying_element(st) := array.concat(st.path, ["Principal"]) if {
	not has(st, "Condition")
	count(st.not_principals) == 0
}

# account_statement reports whether a statement is the account's own: it names the account, and not as a user of the key. One
# that has no Resource is reported by another rule.
account_statement(st) if {
	st.effect.text == "Allow"
	own_account(st)
	is_for_administrators(st)
}

# sole_editor is the one user or role, as the first principal that names it, that statements let change the policy; empty where none or
# several are named.
sole_editor(statements) := array.slice(_lasting(statements), 0, 1) if count({q.same | some q in _lasting(statements)}) == 1

sole_editor(statements) := [] if count({q.same | some q in _lasting(statements)}) != 1

_lasting(statements) := [q |
	some st in putting(statements)
	some q in st.principals
	lasts(q)
]

# unread_editors reports whether a statement that lets the policy be changed names nobody, or someone in a way that KMS
# refuses: another rule reports it.
unread_editors(statements) if {
	some st in putting(statements)
	count(st.principals) + count(st.not_principals) == 0
}

unread_editors(statements) if {
	some st in putting(statements)
	some p in st.principals
	_is_unread(p)
}

_is_unread(p) if p.kind in {"unknown", "other_arn", "group"}

_is_unread(p) if p.wildcard

_is_unread(p) if has_placeholder(p.text)

_is_unread(p) if {
	p.account != ""
	not is_account_id(p.account)
}
