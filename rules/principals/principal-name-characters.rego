# METADATA
# title: Invalid characters in a principal name
# description: >-
#   The name of an IAM user or role has at most 64 characters, which are letters and digits of ASCII and _+=,.@-.
#   KMS refuses a policy that names a user or role with another name. A double slash in a path is probably a
#   mistake, but what IAM allows in a path is not fully documented, so it is a warning.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names
#   - ref: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
# custom:
#   severity: error
#   subject: [spec, statement]
#   when: [faulty_principals]
#   remedy: Write the name as IAM shows it.
package keypolicy.rules.principals["principal-name-characters"]

import data.keypolicy.lib

findings contains _several(lib.at(p.path, message), p) if {
	some p in lib.faulty(input)
	p.fault == "name"
	p.name != ""
	message := sprintf("IAM has no %s named `%s`: %s. %s", [_kind(p), _shown(p), _why(p), lib.refused])
}

findings contains lib.at(p.path, message) if {
	some p in lib.faulty(input)
	p.fault == "name"
	p.name == ""
	message := sprintf("`%s` has no name: %s", [p.text, lib.refused])
}

findings contains object.union(lib.at(p.path, message), {"severity": "warning"}) if {
	some p in lib.faulty(input)
	p.fault == "slash"
	message := sprintf("`%s` has a slash too many in its path", [p.text])
}

# Several names in one text, as entries of their own. Names in a list for users are often those of roles.
_several(finding, p) := lib.remedied(finding, replace(help, "an entry of its own:", own)) if {
	help := _separate(p.text)
	own := sprintf("an entry of its own, in `%s` if these are roles:", [_for_roles(p.list)])
} else := lib.remedied(finding, _separate(p.text)) if {
	not startswith(p.text, "arn:")
} else := finding

_separate(text) := lib.separate(text, `^[A-Za-z0-9_+=.@/-]{1,64}$`)

_for_roles("key_users") := "key_users_roles"

_for_roles("key_admins") := "key_admins_roles"

# The fault may be in what comes before a name, as where several are in one text.
_shown(p) := p.text if {
	not startswith(p.text, "arn:")
	regex.match(`^[A-Za-z0-9_+=,.@-]{1,64}$`, p.name)
} else := p.name

_kind(p) := replace(p.kind, "_", " ")

_why(p) := sprintf("a name has 64 characters at most, and this one has %d", [count(p.name)]) if count(p.name) > 64

_why(p) := "a name has only letters, digits and `_+=,.@-`" if count(p.name) <= 64
