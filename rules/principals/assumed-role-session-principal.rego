# METADATA
# title: Role session as principal
# description: >-
#   A session of a role exists while somebody uses the role under that session name. A session of another name has
#   no access. AWS advises to name the role.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principals-assumed-role
# custom:
#   severity: warning
#   subject: [spec, statement]
#   when: [sessions]
#   remedy: Write the role's ARN.
package keypolicy.rules.principals["assumed-role-session-principal"]

import data.keypolicy.lib

findings contains lib.proposed(lib.at(p.path, message), help, [{"path": p.path, "text": arn}]) if {
	some p in lib.principals_of(input)
	p.kind == "session"
	p.fault == ""
	not _is_admin(p) # another rule says so
	message := sprintf("`%s` is one session of the role `%s`: a session of another name does not get in", [p.text, p.name])
	arn := sprintf("arn:%s:iam::%s:role/%s", [p.partition, p.account, p.name])
	help := sprintf("write the role's ARN, `%s` with the role's path, if it has one", [arn])
}

_is_admin(p) if p.side == "admins"

_is_admin(_) if lib.lets_edit(input.statement)
