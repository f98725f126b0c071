# METADATA
# title: Invalid principal
# description: >-
#   A Principal is "*", or a mapping with AWS, Service or Federated. Under AWS are ARNs, 12-digit account IDs and
#   "*". A name by itself is not a principal, because it does not say which account it belongs to.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
# custom:
#   severity: error
#   subject: [spec, statement]
#   when: [faulty_principals, faults]
#   remedy: Write the ARN of the user, the role or the account.
package keypolicy.rules.principals["invalid-principal-form"]

import data.keypolicy.lib

findings contains finding if {
	some problem in input.statement.problems
	problem.kind == "principal"
	problem.type != "null" # the schema reports null, wherever it is
	not lib.has_placeholder(problem.text)
	message := sprintf("`%s` is %s, but must be `\"*\"` or a mapping: %s", [problem.path[count(problem.path) - 1], _written(problem), lib.refused])
	finding := _helped_form(problem, lib.at(problem.path, message))
}

findings contains lib.remedied(lib.at(p.path, message), help) if {
	some p in input.statement.faulty
	p.element == "AWS"
	p.fault == "form"
	not _is_empty_field(p) # another rule says so
	message := sprintf("`%s` is not a principal: it is neither an ARN nor an account ID. %s", [p.text, lib.refused])
	help := _help(p.text)
}

findings contains lib.proposed(lib.at(p.path, message), help, [{"path": p.path, "text": arn}]) if {
	some p in lib.faulty(input)
	p.fault == "session"
	message := sprintf("`%s` names no session, and is not a role: %s", [p.text, lib.refused])
	arn := sprintf("arn:%s:iam::%s:role/%s", [p.partition, p.account, p.name])
	help := sprintf("write the role's ARN, `%s`", [arn])
}

_written(problem) := sprintf("the text `%s`", [problem.text]) if problem.text != ""

_written(problem) := "a list" if problem.type == "list"

_written(problem) := "an empty text" if {
	problem.type == "string"
	problem.text == ""
}

_helped_form(problem, finding) := _mapped(finding, "AWS", problem) if startswith(problem.text, "arn:")

_helped_form(problem, finding) := _mapped(finding, "Service", problem) if endswith(problem.text, ".amazonaws.com")

_mapped(finding, key, problem) := lib.proposed(
	finding,
	sprintf("write `{\"%s\": \"%s\"}`", [key, problem.text]),
	[{"path": problem.path, "value": {key: problem.text}}],
)

_helped_form(problem, finding) := lib.remedied(finding, "write `{\"AWS\": […]}` with the ARNs of users, roles or accounts") if {
	not startswith(problem.text, "arn:")
	not endswith(problem.text, ".amazonaws.com")
}

_help(text) := lib.separate(text, `^(arn:.*|[0-9]{12})$`)

_help(text) := "a service is under `Service`" if endswith(text, ".amazonaws.com")

_help(text) := sprintf("write `arn:aws:iam::ACCOUNT:%s`", [text]) if _is_resource(text)

_help(text) := "write `arn:aws:iam::ACCOUNT:role/NAME`, `…:user/NAME`, or the account's 12 digits" if {
	not endswith(text, ".amazonaws.com")
	not _is_resource(text)
	not lib.separate(text, `^(arn:.*|[0-9]{12})$`)
}

_is_resource("root")

_is_resource(text) if startswith(text, "role/")

_is_resource(text) if startswith(text, "user/")

_is_empty_field(p) if {
	p.text == ""
	is_string(p.path[count(p.path) - 1])
}
