# METADATA
# title: A list names what it is a list of
# description: >-
#   key_users and key_admins list IAM users, the lists that end in _roles list IAM roles, and external_accounts lists
#   accounts. An ARN of another kind stands in the wrong list, and one of something that is no principal lets KMS refuse
#   the whole policy.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
# custom:
#   severity: error
#   subject: spec
#   remedy: Move the entry to the list of its kind.
package keypolicy.rules.spec["name-form"]

import data.keypolicy.lib

findings contains lib.remedied(lib.at(entry.path, message), help) if {
	some entry in input.spec.entries
	entry.bare
	entry.text == "root"
	message := sprintf("`root` in `%s` is no %s: what stands for the whole account is its ARN", [entry.list, entry.wants])
	help := sprintf("write `arn:%s:iam::ACCOUNT:root` with the account's 12 digits, or leave it out: the account's own statement is there without it", [
		input.key.partition,
	])
}

findings contains lib.remedied(lib.at(entry.path, message), help) if {
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
	help := "name the account's 12 digits in quotes, or the role in `key_users_roles`"
}

findings contains lib.remedied(lib.at(entry.path, message), help) if {
	some entry in input.spec.entries
	_is_sure(entry)
	entry.kind == "other_arn"
	message := sprintf("`%s` is the ARN of no user, role or account, so it is no principal", [entry.text])
	help := sprintf("name the %s that uses the key", [entry.wants])
}

# Wildcards and what is yet to be filled in are told by other rules.
_is_sure(entry) if {
	not entry.wildcard
	not lib.has_placeholder(entry.text)
}

_a := {"user": "an IAM user", "role": "an IAM role"}

_list := {
	"user": {"users": "key_users", "admins": "key_admins"},
	"role": {"users": "key_users_roles", "admins": "key_admins_roles"},
}
