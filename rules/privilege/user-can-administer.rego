# METADATA
# title: Key user can administer the key
# description: >-
#   A statement that lets principals use the key also lets them administer it. With kms:PutKeyPolicy they can give
#   themselves and others full access, and with the other actions they can change the key for everyone who uses it.
#   A statement is treated as one for users if at least as many of its actions use the key as administer it. One
#   that also allows kms:GetKeyPolicy is written for software that edits policies, and is info. Deletion is reported
#   by deletion-unprotected, tags and aliases that decide about access by tag-alias-control, and grants by
#   create-grant-unbounded.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-administrators
#   - ref: https://docs.aws.amazon.com/prescriptive-guidance/latest/aws-kms-best-practices/iam-best-practices.html
# custom:
#   severity: error
#   subject: policy
#   when: [mixed_duties]
#   access: [left]
#   remedy: Move the action from the users' statement to one for the key's administrators.
package keypolicy.rules.privilege["user-can-administer"]

import data.keypolicy.lib

findings contains object.union(lib.at(entry.path, message), {"severity": severity}) if {
	some st in input.policy.statements
	st.effect.text == "Allow"
	lib.is_for_users(st)
	some entry in lib.entries_of(st, _actions)
	holders := [p |
		some p in lib.users_of(st, input.policy.statements)
		lib.able(p, lib.reached(entry, _actions))
		_uses(st, p)
	]
	count(holders) > 0
	severity := _severity(st, entry)
	message := sprintf("statement %s lets %s use the key, and %s with `%s`", [
		lib.name(st), lib.called(holders), _consequence(entry), entry.text,
	])
}

_uses(st, p) if {
	some use in lib.uses(st)
	lib.able(p, use.cryptographic)
}

_actions := lib.administrative - (lib.destructive | _by_tags)

# Where access rests on tags or aliases, another rule reports it.
_by_tags := lib.tagging if lib.rests_on_tags(input.policy.statements)

_by_tags := set() if not lib.rests_on_tags(input.policy.statements)

_severity(st, entry) := "info" if {
	"kms:PutKeyPolicy" in entry.matches
	lib.grants(st, "kms:GetKeyPolicy")
}

_severity(st, entry) := "error" if {
	"kms:PutKeyPolicy" in entry.matches
	not lib.grants(st, "kms:GetKeyPolicy")
}

_severity(_, entry) := "error" if not "kms:PutKeyPolicy" in entry.matches

_consequence(entry) := "give themselves and others full access" if "kms:PutKeyPolicy" in entry.matches

_consequence(entry) := "administer it" if not "kms:PutKeyPolicy" in entry.matches
