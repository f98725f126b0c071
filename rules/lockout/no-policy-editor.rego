# METADATA
# title: 'Lockout: no principal can change the policy'
# description: >-
#   If no principal can change a key's policy, not even the account's root user can fix it, and only AWS Support
#   can help. KMS itself refuses a policy only if its caller could not change it again. This error cannot be
#   lowered or suppressed, with these exceptions. A policy document of an AWS managed key, which has an Id that
#   begins with auto- and lets one account use the key through one service, is a warning, and info in the reply
#   of GetKeyPolicy for such a key. It is also a warning if the policy can be changed only by identity providers
#   or canonical users, for which AWS does not document whom they match, or if the answer depends on a condition
#   that AWS's pages leave open.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#allow-iam-policies
#   - ref: https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
#   - ref: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
# custom:
#   severity: error
#   subject: policy
#   when: [access.lockout]
#   holes: true
#   remedy: Allow kms:* to the root of the key's own account in a statement without conditions.
package keypolicy.rules.lockout["no-policy-editor"]

import data.keypolicy.lib

# A document of such a policy in a repository is a copy: reading it does no harm, putting it on a key fails.
findings contains object.union(lib.because("aws-managed-key", lib.remedied(lib.at(["Id"], message), help)), {"severity": "warning"}) if {
	lib.managed_by_aws(input)
	input.form == "document"
	input.access.lockout.editors == "none"
	message := sprintf("this is the policy of an AWS managed key (Id `%s`), which only AWS can change: KMS refuses it for a key of your own", [input.policy.id.text])
	help := "leave AWS managed keys out of what is checked; for a key of your own, start from the default policy, and give it another Id"
}

# What GetKeyPolicy answers is the policy of that very key.
findings contains object.union(lib.because("aws-managed-key", lib.remedied(lib.at(["Id"], message), help)), {"severity": "info"}) if {
	lib.managed_by_aws(input)
	input.form == "reply"
	input.access.lockout.editors == "none"
	message := sprintf("this is the policy of an AWS managed key (Id `%s`): only AWS can change it", [input.policy.id.text])
	help := "leave AWS managed keys out of what is checked"
}

findings contains _graded(lib.because("no-policy-editor", _helped(lib.at_key(lib.statement_list, message)))) if {
	_nobody
	not _denied
	not _only_passing
	message := sprintf("no principal can change this policy: %s. PutKeyPolicy answers MalformedPolicyDocumentException, and a key that already has this policy can be fixed only by AWS Support", [_why])
}

findings contains _graded(lib.because("deny-locks-out", lib.remedied(lib.at(lib.denying_element(st), message), _lifting))) if {
	_nobody
	_denied
	not _only_passing
	some i in input.access.lockout.denied_by
	st := input.policy.statements[i]
	message := sprintf(
		"statement %s denies `kms:PutKeyPolicy` to everyone who is allowed it: no principal can change the policy any more, this Deny included",
		[lib.name(st)],
	)
}

findings contains lib.for_managed(input, lib.because("editor-only-ephemeral", _lasting(lib.at(p.path, message)))) if {
	not input.template
	_only_passing
	not _undocumented
	not lib.unread_editors(input.policy.statements) # another rule reports it
	p := [q | some st in lib.may_put(input.policy.statements); some q in st.principals][0]
	message := sprintf("no permanent principal can change this policy: `kms:PutKeyPolicy` is allowed only to %s%s", [
		_passing, lib.account_note(input.key),
	])
}

# AWS does not document whom an identity provider or a canonical user matches in a key policy, so nobody is known to be locked out.
findings contains lib.for_managed(input, object.union(
	lib.because("editor-only-ephemeral", _lasting(lib.at(p.path, message))),
	{"severity": "warning"},
)) if {
	not input.template
	_only_passing
	_undocumented
	not lib.unread_editors(input.policy.statements) # another rule reports it
	p := [q | some st in lib.may_put(input.policy.statements); some q in st.principals; q.kind in _undocumented_kinds][0]
	message := sprintf("whether anyone can change this policy is not known: `kms:PutKeyPolicy` is allowed only to %s%s, and AWS does not document whom `%s` matches in a key policy", [
		_passing, lib.account_note(input.key), p.text,
	])
}

findings contains lib.for_managed(input, lib.because("editors-undecided", lib.at_key(lib.statement_list, message))) if {
	not input.template
	input.access.lockout.undecided == "budget"
	input.access.lockout.editors == "unknown"
	not input.access.lockout.witness
	why := [reason.text | some reason in input.access.unknown; reason.kind == "budget"][0]
	message := sprintf("whether anyone can change this policy could not be determined: %s", [lib.phrase(why)])
}

# What AWS's pages leave open, or what could not be read, may lock everyone out.
findings contains lib.for_managed(input, object.union(
	lib.because("editors-open", lib.at_key(lib.statement_list, message)),
	{"severity": "warning"},
)) if {
	not input.template
	input.access.lockout.undecided == "open"
	input.access.lockout.editors == "unknown"
	not input.access.lockout.witness
	not _only_passing # reported above
	not lib.unread_editors(input.policy.statements) # another rule reports it
	not _has_invalid # other rules report it
	why := [reason.text | some reason in input.access.lockout.because; reason.kind == "open"][0]
	message := sprintf("whether anyone can change this policy is not known: %s", [lib.phrase(why)])
}

_has_invalid if {
	some st in input.policy.statements
	some condition in st.conditions
	lib.invalid(condition)
}

# What may be the policy of an AWS managed key is not an error yet.
# What lets somebody in is to take the Deny away from them: an Allow changes nothing while it denies.
_lifting := sprintf("remove `kms:PutKeyPolicy` from %s, or exempt the administrators from it by ArnNotEquals on aws:PrincipalArn%s", [
	concat(" and ", [lib.name(input.policy.statements[i]) | some i in input.access.lockout.denied_by]), _each,
])

_each := "" if count(input.access.lockout.denied_by) == 1

_each := ", in each of them" if count(input.access.lockout.denied_by) > 1

_graded(finding) := object.union(finding, {"severity": "warning"}) if lib.may_be_managed_by_aws(input)

_graded(finding) := finding if not lib.may_be_managed_by_aws(input)

_nobody if {
	not input.template
	not lib.managed_by_aws(input)
	count(input.policy.statements) > 0 # another rule reports it
	input.access.lockout.editors == "none"
	not lib.unread_editors(input.policy.statements) # another rule reports it
}

_denied if {
	input.access.lockout.undenied in {"always", "conditional"}
	count(input.access.lockout.denied_by) > 0
}

_only_passing if {
	not input.policy.open
	lib.only_passing(input.policy.statements)
}

_undocumented if {
	input.access.lockout.editors == "unknown"
	some st in lib.may_put(input.policy.statements)
	some p in st.principals
	p.kind in _undocumented_kinds
}

_undocumented_kinds := {"federated", "canonical_user"}

_why := "no statement allows `kms:PutKeyPolicy`" if count(lib.putting(input.policy.statements)) == 0

_why := sprintf("statement %s allows `kms:PutKeyPolicy`, but no principal of the key's account can use it", [
	lib.name(lib.putting(input.policy.statements)[0]),
]) if {
	count(lib.putting(input.policy.statements)) > 0
}

_help := "remove `delegate_to_iam: false`, or name administrators in `key_admins_roles`" if input.form == "lists"

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

# A Deny that takes it from everyone, which another finding reports, takes it from whom is added as well.
_lasting(finding) := _helped(finding) if count(input.access.lockout.denied_by) == 0

_lasting(finding) := lib.remedied(finding, "allow it to the account, too, and keep the Deny statements from it") if {
	count(input.access.lockout.denied_by) > 0
}

_is_addable if {
	input.form != "lists"
	lib.has_list(input.policy)
}

_account := input.key.account if input.key.account != ""

_account := "ACCOUNT" if input.key.account == ""

_passing := concat(" and ", sort({_kinds[_kind(p)] |
	some st in lib.may_put(input.policy.statements)
	some p in st.principals
}))

_kind(p) := "sso" if lib.passing_role(p)

_kind(p) := "other" if {
	not lib.passing_role(p)
	p.relation == "other"
}

_kind(p) := p.kind if {
	not lib.passing_role(p)
	p.relation != "other"
}

_kinds := {
	"sso": "roles of IAM Identity Center, whose names change", "other": "other accounts", "session": "role sessions",
	"federated_user": "federated users", "service": "services", "unique_id": "users and roles that were deleted",
	"federated": "identity providers", "canonical_user": "canonical users",
}
