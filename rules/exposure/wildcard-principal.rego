# METADATA
# title: Wildcard principal without a condition on the caller
# description: >-
#   "*" is everyone in every AWS account. A key policy that allows something to "*" without a condition on the
#   caller lets any AWS customer do it with your key.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous
# custom:
#   severity: error
#   subject: [spec, statement]
#   when: [anyone]
#   access: [stranger]
#   remedy: >-
#     Name the users, roles or accounts that need the key. To allow many of them, allow your account's principal with
#     a condition such as ArnLike on aws:PrincipalArn, or your organization with aws:PrincipalOrgID.
package keypolicy.rules.exposure["wildcard-principal"]

import data.keypolicy.lib

findings contains lib.at(entry.path, message) if {
	some entry in input.spec.entries
	entry.kind == "anyone"
	message := sprintf("`\"*\"` in `%s` is everyone in every AWS account: list only those who need access", [entry.list])
}

findings contains object.union(lib.because("public-principal", _helped(st, lib.at(p.path, message))), more) if {
	st := input.statement
	st.effect.text == "Allow"
	some p in st.principals
	p.kind == "anyone"
	p.list == ""
	lib.is_unconditional(st)
	more := lib.by_stranger(st.access.stranger)
	message := _message(st)
}

_helped(st, finding) := finding if not _administers(st)

_helped(st, finding) := lib.remedied(finding, "name the account's root, if this is the account statement, or else the roles that administer the key") if {
	_administers(st)
}

_administers(st) if {
	some action in st.actions
	count(action.administrative) > 0
}

_administers(st) if count(st.not_actions) > 0

_message(st) := sprintf(
	"statement %s allows %s to `\"*\"`: everyone in every AWS account, as no condition limits who calls",
	[lib.name(st), _actions(st)],
) if {
	st.access.stranger.answer == "yes"
}

_message(st) := sprintf(
	"statement %s allows %s to `\"*\"`, and whether that lets everyone in could not be decided",
	[lib.name(st), _actions(st)],
) if {
	st.access.stranger.answer == "unknown"
}

_actions(st) := lib.several([a.text | some a in st.actions]) if count(st.actions) > 0

_actions(st) := "everything except its NotAction" if count(st.actions) == 0
