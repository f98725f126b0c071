# METADATA
# title: Name in the wrong list
# description: >-
#   key_users and key_admins list IAM users, the lists whose names end in _roles list IAM roles, and
#   external_accounts lists accounts. An ARN of another kind is in the wrong list, and an ARN that is not a
#   principal makes KMS refuse the whole policy.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
# custom:
#   severity: error
#   subject: spec
#   when: [odd_entries, faulty_principals]
#   remedy: Move the entry to the list of its kind.
package keypolicy.rules.principals["name-form"]

import data.keypolicy.lib

findings contains lib.remedied(lib.at(entry.path, message), help) if {
	some entry in input.spec.entries
	entry.bare
	entry.text == "root"
	entry.wants != "account"
	message := sprintf("`root` in `%s` does not name a %s: the whole account is named by its ARN", [entry.list, entry.wants])
	help := sprintf("write `arn:%s:iam::ACCOUNT:root`, or leave it out: the policy has the account statement anyway", [
		input.key.partition,
	])
}

findings contains lib.remedied(lib.at(entry.path, message), help) if {
	some entry in input.spec.entries
	entry.bare
	entry.text == "root"
	entry.wants == "account"
	message := sprintf("`root` in `%s` does not say of which account: an account is written as its 12 digits or as the ARN of its root", [entry.list])
	help := sprintf("write `arn:%s:iam::ACCOUNT:root` for another account; leave out the key's own account, which has the account statement anyway", [
		input.key.partition,
	])
}

findings contains lib.proposed(lib.at(entry.path, message), help, _moved(entry, entry.text, _list[entry.kind][entry.side])) if {
	some entry in input.spec.entries
	_is_sure(entry)
	entry.kind in {"user", "role"}
	entry.kind != entry.wants
	message := sprintf("`%s` is %s, and `%s` lists %ss", [entry.text, _a[entry.kind], entry.list, entry.wants])
	help := sprintf("move it to `%s`", [_list[entry.kind][entry.side]])
}

findings contains lib.remedied(lib.at(entry.path, message), help) if {
	some entry in input.spec.entries
	_is_sure(entry)
	entry.wants == "account"
	entry.kind in {"session", "federated_user"}
	message := sprintf("`%s` is a session, and `external_accounts` lists accounts", [entry.text])
	help := "write the account's 12 digits in quotes, or name the role in `key_users_roles`"
}

findings contains lib.remedied(lib.at(entry.path, message), help) if {
	some entry in input.spec.faulty
	entry.fault == "service"
	message := sprintf("`%s` is not the ARN of a user, role or account, so it is not a principal", [entry.text])
	help := sprintf("name the %s that uses the key", [entry.wants])
}

# The end of an ARN in place of a name: it compiles to a path that nobody means.
findings contains lib.proposed(lib.at(entry.path, message), help, _right_edits(entry)) if {
	some entry in input.spec.faulty
	entry.fault == "resource"
	not _separate(entry)
	message := sprintf("`%s` in `%s` is the end of an ARN, but the list reads it as the %s `%s`", [entry.text, entry.list, entry.wants, entry.same])
	help := sprintf("%s. Where `%s/` is the %s's path, write its whole ARN", [_right_form(entry), split(entry.text, "/")[0], entry.wants])
}

findings contains lib.remedied(lib.at(entry.path, message), _separate(entry)) if {
	some entry in input.spec.faulty
	entry.fault == "resource"
	message := sprintf("`%s` in `%s` has several ends of ARNs", [entry.text, entry.list])
}

_separate(entry) := replace(lib.separate(entry.text, `^[A-Za-z0-9_+=.@/-]{1,64}$`), "its own:", own) if {
	kind := split(entry.text, "/")[0]
	not regex.match(sprintf(`[\s,;]%s/`, [{"role": "user", "user": "role"}[kind]]), entry.text)
	own := sprintf("its own, in `%s`:", [_list[kind][entry.side]])
} else := _of_each_kind[entry.side] if {
	lib.separate(entry.text, `^[A-Za-z0-9_+=.@/-]{1,64}$`)
	split(entry.text, "/")[0] in {"role", "user"}
}

_of_each_kind[side] := help if {
	some side, roles in _list.role
	help := sprintf("write each as an entry of its own: a role's name in `%s`, a user's ARN in `%s`", [roles, _list.user[side]])
}

_right_form(entry) := sprintf("write `%s` in `%s`", [entry.nearest, _list[kind][entry.side]]) if {
	kind := split(entry.text, "/")[0]
	kind in {"user", "role"}
}

_right_form(entry) := sprintf("a session is of a role: write `%s` in `%s`", [split(entry.nearest, "/")[0], _list.role[entry.side]]) if {
	startswith(entry.text, "assumed-role/")
}

_right_form(entry) := sprintf("a group cannot be a principal: name its users in `%s`, or a role that they assume in `%s`", [_list.user[entry.side], _list.role[entry.side]]) if {
	startswith(entry.text, "group/")
}

_right_form(entry) := sprintf("name the user in `%s` or the role in `%s` that uses the key", [_list.user[entry.side], _list.role[entry.side]]) if {
	not split(entry.text, "/")[0] in {"user", "role", "assumed-role", "group"}
}

# The help says what may be meant as well, and proposes the likelier.
_right_edits(entry) := _moved(entry, entry.nearest, _list[kind][entry.side]) if {
	kind := split(entry.text, "/")[0]
	kind in {"user", "role"}
} else := []

# A name that IAM allows, and that looks like something else.
findings contains object.union(lib.proposed(lib.at(entry.path, message), help, edits), {"severity": "warning"}) if {
	some entry in input.spec.entries
	entry.bare
	entry.fault == ""
	entry.wants != "account"
	[what, help, edits] := _looks_like(entry)
	message := sprintf("`%s` in `%s` is read as the %s `%s`, but looks like %s", [entry.text, entry.list, entry.wants, entry.same, what])
}

_looks_like(entry) := ["an account", "name accounts in `external_accounts`", _moved(entry, entry.text, "external_accounts")] if lib.is_account_id(entry.text)

_looks_like(entry) := ["a service", "include a template for the service, or write a statement with `Service`", []] if {
	endswith(entry.text, ".amazonaws.com")
}

# The edits that put an entry into another list: the whole list where it has no other.
_moved(entry, text, list) := [{"path": entry.path, "remove": true}, {"path": [], "add": {list: [text]}}] if _has_others(entry)

_moved(entry, text, list) := [{"path": [entry.list], "at": "key", "text": list}, {"path": entry.path, "text": text}] if not _has_others(entry)

_has_others(entry) if {
	some other in input.spec.entries
	other.list == entry.list
	other.path != entry.path
}

# What is wrong in another way is reported by other rules.
_is_sure(entry) if entry.fault in {"", "name", "slash"}

_a := {"user": "an IAM user", "role": "an IAM role"}

_list := {
	"user": {"users": "key_users", "admins": "key_admins"},
	"role": {"users": "key_users_roles", "admins": "key_admins_roles"},
}
