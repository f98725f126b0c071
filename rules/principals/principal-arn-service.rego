# METADATA
# title: ARN of a resource as principal
# description: >-
#   Principals are IAM users, roles, accounts and their sessions. The ARN of an instance profile, a policy, a
#   function, a bucket or a key is not a principal, and KMS refuses the whole policy.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
# custom:
#   severity: error
#   subject: statement
#   when: [faulty_principals]
#   remedy: Name the role that it runs as.
package keypolicy.rules.principals["principal-arn-service"]

import data.keypolicy.lib

findings contains lib.remedied(lib.at(p.path, message), help) if {
	some p in input.statement.faulty
	p.fault == "service"
	message := sprintf("`%s` is %s, and not a principal: %s", [p.text, _what(p.text), lib.refused])
	help := _help(p.text)
}

_what(text) := sprintf("an ARN of IAM without an account", []) if _is_without_account(text)

_what(text) := sprintf("the ARN of %s of %s", [_kind(text), split(text, ":")[2]]) if not _is_without_account(text)

_is_without_account(text) if {
	parts := split(text, ":")
	parts[4] == ""
	parts[2] in {"iam", "sts"}
}

_kind(text) := sprintf("a resource `%s`", [split(split(text, ":")[5], "/")[0]])

_help(text) := "write the account's 12 digits in it" if _is_without_account(text)

_help(text) := "name the role that the instance profile holds" if contains(text, ":instance-profile/")

_help(text) := "name the role that it runs as, or the service under `Service`" if {
	not _is_without_account(text)
	not contains(text, ":instance-profile/")
}
