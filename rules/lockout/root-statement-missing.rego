# METADATA
# title: Account statement missing
# description: >-
#   Without a statement that allows kms:* to the key's own account, IAM policies have no effect on the key, and only
#   the named principals can change the policy. Users and roles get deleted, and a role that is created again under
#   the same name is a different principal. Then only AWS Support can help. If the statement is missing on purpose,
#   say so in a suppression with the reason.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#allow-iam-policies
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
# custom:
#   severity: warning
#   subject: policy
#   when: [access.lockout]
#   remedy: Allow kms:* to the key's own account, arn:aws:iam::ACCOUNT:root, in a statement without conditions.
package keypolicy.rules.lockout["root-statement-missing"]

import data.keypolicy.lib

findings contains lib.for_managed(input, _helped(lib.at_key(lib.statement_list, message))) if {
	not input.template
	input.access.lockout.editors != "none" # reported as an error
	input.access.lockout.durable == "no"
	not lib.only_passing(input.policy.statements) # reported as an error
	count(lib.accounts_putting(input.policy.statements)) == 0
	not lib.everyone_puts(input.policy.statements)
	not _weakened
	count(lib.sole_editor(input.policy.statements)) == 0 # reported by single-editor
	message := sprintf(
		"no statement allows the key's own account `kms:*`: IAM policies have no effect, and once %s, no principal can change the policy",
		[_gone],
	)
}

# An account's own statement that lacks something is reported by another rule.
_weakened if {
	some st in input.policy.statements
	lib.account_statement(st)
}

_gone := sprintf("%s are deleted", [lib.several(_editors)]) if count(_editors) > 0

_gone := "the named principals are deleted" if count(_editors) == 0

_editors := sort({p.text |
	some st in lib.putting(input.policy.statements)
	some p in st.principals
	lib.lasts(p)
})

_help := "remove `delegate_to_iam: false`, or say in a suppression why the account statement is left out" if {
	input.form == "lists"
}

_help := sprintf("add `%s`", [json.marshal(_statement)]) if input.form != "lists"

_statement := {
	"Effect": "Allow",
	"Principal": {"AWS": sprintf("arn:%s:iam::%s:root", [input.key.partition, _account])},
	"Action": "kms:*",
	"Resource": "*",
}

# Where there is a list of statements, it can be added as it is.
_helped(finding) := lib.added(finding, _help, ["Statement"], [_statement]) if {
	input.form != "lists"
	lib.has_list(input.policy)
}

_helped(finding) := lib.remedied(finding, _help) if not _is_addable

_is_addable if {
	input.form != "lists"
	lib.has_list(input.policy)
}

_account := input.key.account if input.key.account != ""

_account := "ACCOUNT" if input.key.account == ""
