# METADATA
# title: Only one principal can change the policy
# description: >-
#   Only one user or role can change the policy, and the account statement is missing. If that principal is deleted,
#   or created again under the same name, only AWS Support can help.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#allow-iam-policies
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
# custom:
#   severity: warning
#   subject: policy
#   when: [access.lockout]
#   remedy: Add the account statement. If it is left out on purpose, name a second administrator.
package keypolicy.rules.lockout["single-editor"]

import data.keypolicy.lib

findings contains lib.for_managed(input, lib.because("undecided", lib.at_key(lib.statement_list, message))) if {
	not input.template
	input.access.lockout.undecided in {"budget", "open"}
	input.access.lockout.editors in {"always", "conditional"}
	input.access.lockout.durable == "unknown"
	message := "whether a permanent principal can change the policy could not be determined"
}

findings contains lib.for_managed(input, lib.at(p.path, message)) if {
	not input.template
	input.access.lockout.editors != "none" # reported as an error
	input.access.lockout.durable == "no"
	count(lib.accounts_putting(input.policy.statements)) == 0
	not lib.everyone_puts(input.policy.statements)
	some p in lib.sole_editor(input.policy.statements)
	message := sprintf("only `%s` can change the policy%s: when it is deleted, no principal can", [p.text, _as])
}

_as := "" if _own

_as := ", as no statement allows the key's own account `kms:*`" if not _own

# An account's own statement that lacks something is reported by another rule.
_own if {
	some st in input.policy.statements
	lib.account_statement(st)
}
