# Triggers of principals, and of entries of a spec's lists.
package keypolicy.lib.triggers

import data.keypolicy.lib

_principals := input.spec.entries

_principals := [p | some st in _statements; some p in lib.all_principals(st)] if not input.spec

# Those that no list names; in a spec all of them.
_own := input.spec.entries

_own := [p | some p in _principals; p.list == ""] if not input.spec

_all contains "services" if {
	some p in _principals
	p.kind == "service"
}

_all contains "anyone" if {
	some p in _principals
	p.kind == "anyone"
}

_all contains "sessions" if {
	some p in _principals
	p.kind in {"session", "federated_user"}
}

_all contains "federated" if {
	some p in _principals
	object.get(p, "element", "AWS") == "Federated"
}

_all contains "reserved_roles" if {
	some p in _principals
	p.kind == "role"
	_is_reserved(p)
}

_is_reserved(p) if strings.any_prefix_match(p.name_path, {"aws-reserved/", "aws-service-role/"})

_is_reserved(p) if startswith(p.name, "AWSReservedSSO_")

_all contains "other_partitions" if {
	some p in _principals
	not p.partition in {"", input.key.partition}
}

_all contains "other_accounts" if {
	some p in _principals
	p.relation in {"other", "trusted"}
}

_all contains "own_account" if {
	some p in _principals
	p.kind == "account"
	p.relation in {"own", "unknown"}
}

_all contains "users" if {
	some p in _own
	p.kind == "user"
}

_all contains "user_arns" if {
	some p in _own
	p.kind == "user"
	not p.bare
}

_all contains "numbers" if {
	some p in _own
	p.type in {"int", "float"}
}

_all contains "numbers" if {
	some f in input.spec.fields
	f.name == "account"
	f.type in {"int", "float"}
}

_all contains "faulty_principals" if {
	some p in _own
	p.fault != ""
}

_all contains "faulty_principals" if {
	some f in input.spec.fields
	f.name == "account"
	f.type == "string"
	not lib.is_account_id(f.text)
}

_all contains "repeated_principals" if {
	some st in _statements
	some list in [st.principals, st.not_principals]
	_repeats([p | some p in list; p.list == ""; p.text != ""])
}

_all contains "repeated_principals" if {
	_repeats([e | some e in input.spec.entries; e.kind != "parameter"])
}

_repeats(list) if count({p.same | some p in list}) < count(list)
