# METADATA
# title: Bare name taken as an IAM user
# description: >-
#   key_users and key_admins treat a name without an ARN as the name of an IAM user. Most principals that use keys
#   are roles. If a role's name is in these lists, KMS refuses the policy because the user does not exist or, if it
#   does, the wrong principal gets access. Users also have credentials that do not expire. A spec gets one warning,
#   and one more for each name that is a role in the same spec too; a name that is a role in another document of the
#   run is an error. To mean a user, write its ARN.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-users-federation-idp
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
# custom:
#   severity: warning
#   subject: files
#   when: [related_files]
#   remedy: Move a role's name to the list that ends in _roles, and write a user as an ARN.
package keypolicy.rules.principals["user-or-role"]

import data.keypolicy.lib

findings contains lib.among(lib.remedied(lib.at(first.path, message), help), [member.path | some member in group.members]) if {
	some group in input.groups
	group.kind == "user-names"
	first := group.members[0]
	names := {member.text | some member in group.members}
	message := sprintf("%s treated as %s, with credentials that do not expire", [_are(names), _users(names)])
	help := "move a role's name to `key_users_roles` or `key_admins_roles`; if a user is meant, write its ARN"
}

findings contains object.union(lib.beside(finding, group.members[0].path, "this is the role"), {"severity": "error"}) if {
	some group in input.groups
	group.kind == "user-and-role"
	some i, member in group.members
	i > 0
	not _are_together(group.members[0], member)
	message := sprintf("`%s` is treated as an IAM user here, and is a role elsewhere: `%s`", [member.text, group.members[0].text])
	help := "move it to `key_users_roles` or `key_admins_roles`; if a user is meant, write its ARN"
	finding := lib.remedied(lib.at(member.path, message), help)
}

# Both may be meant.
findings contains lib.beside(finding, group.members[0].path, "this is the role") if {
	some group in input.groups
	group.kind == "user-and-role"
	some i, member in group.members
	i > 0
	_are_together(group.members[0], member)
	message := sprintf("`%s` is treated as an IAM user here, and is a role in the same document: `%s`", [member.text, group.members[0].text])
	help := "if the role is meant, remove the name, or move it to `key_users_roles` or `key_admins_roles`; if a user is meant too, write its ARN"
	finding := lib.remedied(lib.at(member.path, message), help)
}

_are_together(a, b) if {
	a.file == b.file
	a.document == b.document
}

_are(names) := sprintf("%s is", [lib.several(sort(names))]) if count(names) == 1

_are(names) := sprintf("%s are", [lib.several(sort(names))]) if count(names) > 1

_users(names) := "an IAM user" if count(names) == 1

_users(names) := "IAM users" if count(names) > 1
