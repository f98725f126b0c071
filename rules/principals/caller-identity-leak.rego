# METADATA
# title: Role session as key administrator
# description: >-
#   A role session is among the key's administrators. Tools write one when they add the identity of the person who
#   runs them. The policy then changes with each person and each run, and when the session name is no longer used,
#   nobody administers the key by it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principals-assumed-role
#   - ref: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
# custom:
#   severity: warning
#   subject: [spec, statement]
#   when: [sessions]
#   remedy: Write the role's ARN.
package keypolicy.rules.principals["caller-identity-leak"]

import data.keypolicy.lib

findings contains finding if {
	some p in lib.principals_of(input)
	p.kind == "session"
	p.fault == ""
	_is_admin(p)
	message := sprintf("`%s` is a session of the role `%s`, and administers the key: it looks like the session of whoever once ran a tool", [p.text, p.name])
	finding := _helped(p, lib.at(p.path, message))
}

_is_admin(p) if p.side == "admins"

_is_admin(_) if lib.lets_edit(input.statement)

_helped(p, finding) := lib.proposed(finding, help, [{"path": p.path, "text": arn}]) if {
	not startswith(p.name, "AWSReservedSSO_")
	arn := sprintf("arn:%s:iam::%s:role/%s", [p.partition, p.account, p.name])
	help := sprintf("write the role's ARN, `%s` with the role's path, if it has one", [arn])
}

_helped(p, finding) := lib.through_permission_set(finding, p) if startswith(p.name, "AWSReservedSSO_")
