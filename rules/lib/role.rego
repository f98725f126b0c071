# Roles that only AWS makes, and where they are.
package keypolicy.lib

# reserved_roles are the kinds of roles that AWS creates: the prefix of their names, the prefix of their paths, and a pattern
# for the rest of the path.
reserved_roles := [
	{"reason": "sso-role-without-path", "name": "AWSReservedSSO_", "path": "aws-reserved/sso.amazonaws.com/", "deeper": `([^/]+/)?`},
	{"reason": "service-linked-role-without-path", "name": "AWSServiceRoleFor", "path": "aws-service-role/", "deeper": `[^/]+/`},
]

# misplaced_role reports whether an ARN or a pattern of ARNs is of such a role and lacks the path, so that no role has it.
# What is before a wildcard may be the path.
misplaced_role(kind, arn) if {
	rest := _role_part(arn)
	regex.match(sprintf(`^([^*?]*/)?%s`, [kind.name]), rest)
	not regex.match(sprintf(`^%s%s%s`, [kind.path, kind.deeper, kind.name]), rest)
}

_role_part(arn) := regex.find_all_string_submatch_n(`^arn:[^:]+:iam::[^:]*:role/(.+)$`, arn, 1)[0][1]

# is_misplaced says so of any kind.
is_misplaced(arn) if {
	some kind in reserved_roles
	misplaced_role(kind, arn)
}

# placed_role is such an ARN with the path.
placed_role(arn) := sprintf("%s%s%s", [substring(arn, 0, indexof(arn, ":role/") + 6), _right_path(kind, arn), _role_name(arn)]) if {
	some kind in reserved_roles
	misplaced_role(kind, arn)
}

# reserved_help is what to write instead of such an ARN.
reserved_help(finding, arn) := proposed(finding, sprintf("write `%s`, with the path that IAM shows", [placed_role(arn)]), [replacing(finding, placed_role(arn))])

_role_name(arn) := parts[count(parts) - 1] if parts := split(_role_part(arn), "/")

_right_path(kind, _) := sprintf("%sREGION/", [kind.path]) if kind.name == "AWSReservedSSO_"

_right_path(kind, arn) := sprintf("%s%s/", [kind.path, linked_service(_role_name(arn))]) if kind.name == "AWSServiceRoleFor"

# linked_service is the service of a service-linked role, where its name says it for sure.
linked_service(name) := "autoscaling.amazonaws.com" if startswith(name, "AWSServiceRoleForAutoScaling")

linked_service(name) := "SERVICE.amazonaws.com" if not startswith(name, "AWSServiceRoleForAutoScaling")

# placed proposes a principal's role with a path. A spec's list has it by its path and name, everything else by its ARN.
placed(finding, p, path) := written(finding, path) if object.get(p, "bare", false)

placed(finding, p, path) := written(finding, sprintf("arn:%s:iam::%s:role/%s", [p.partition, p.account, path])) if not object.get(p, "bare", false)

# through_permission_set proposes the account of a permission set's role, with a pattern that the role has after it is provisioned
# again, too.
# https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
through_permission_set(finding, p) := through_account(finding, "", p, sprintf("arn:%s:iam::%s:root", [partition, account]), arn) if {
	partition := _first(p.partition, input.key.partition)
	account := _first(p.account, _first(input.key.account, "ACCOUNT"))
	arn := sprintf("arn:%s:iam::%s:role/aws-reserved/sso.amazonaws.com/*%s_*", [partition, account, regex.replace(p.name, `_[0-9a-f]{16}$`, "")])
}

_first(text, _) := text if text != ""

_first("", other) := other

# through_account proposes to name the account of a principal, with a condition on the principal's ARN. It is an edit if the
# statement names only this principal.
through_account(finding, before, p, root, arn) := proposed(finding, _through_account(before, root, arn), [
	{"path": p.path, "text": root},
	{"path": [], "add": {"Condition": {"ArnLike": {"aws:PrincipalArn": arn}}}},
]) if {
	count(input.statement.principals) == 1
}

through_account(finding, before, _, root, arn) := remedied(finding, _through_account(before, root, arn)) if {
	count(object.get(input, ["statement", "principals"], [])) != 1
}

_through_account(before, root, arn) := sprintf("%swrite a statement for `%s` with `ArnLike` on `aws:PrincipalArn`: `%s`; identity policies must then allow it too", [before, root, arn])
