# METADATA
# title: Unresolved placeholder
# description: >-
#   A placeholder that a template, a shell or a person should have replaced is still in the policy. It is not a
#   valid principal, so KMS refuses the whole policy; in a resource or a condition it matches nothing. In a Sid or
#   an Id it does no harm, which is a warning.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
# custom:
#   severity: error
#   subject: [spec, policy]
#   when: [placeholders]
#   holes: true
#   remedy: Write the value itself. In a keypolicy template a parameter is $(name).
package keypolicy.rules.spec["template-placeholder-left"]

import data.keypolicy.lib

findings contains _finding(mark) if {
	some mark in input.spec.placeholders
	not _is_parameter(mark)
}

findings contains object.union(_finding(mark), _severity(mark)) if {
	some mark in input.policy.placeholders
	not _is_parameter(mark)
	not _is_account(mark) # it is reported where the account is written
}

# A template's own parameters are filled in where it is used.
_is_parameter(mark) if {
	input.template
	startswith(mark.mark, "$(")
}

_finding(mark) := _placed(mark, sprintf("`%s` is still to be filled in%s", [mark.mark, _then(mark)]))

_placed(mark, message) := lib.at(mark.path, message) if mark.at == "value"

_placed(mark, message) := lib.at_key(mark.path, message) if mark.at == "key"

_is_account(mark) if {
	not input.form in {"document", "reply"}
	contains(input.key.account, mark.mark)
	contains(mark.text, input.key.account)
}

_severity(mark) := {"severity": "warning"} if mark.element in {"Sid", "Id"}

_severity(mark) := {} if not mark.element in {"Sid", "Id"}

_then(mark) := sprintf(": %s", [lib.refused]) if mark.element in _of_principals

_then(mark) := ": nothing matches it" if mark.element in {"Action", "NotAction", "Resource", "NotResource", "Condition"}

_then(mark) := "" if {
	not mark.element in _of_principals
	not mark.element in {"Action", "NotAction", "Resource", "NotResource", "Condition"}
}

_of_principals := {"Principal", "NotPrincipal", "key_admins", "key_admins_roles", "key-admins-roles", "key_users", "key_users_roles", "external_accounts"}
