# METADATA
# title: Unrestricted kms:CreateGrant
# description: >-
#   A principal that can create grants without limits can give kms:Decrypt to anyone, permanently, and no key
#   policy shows it. Administrators that can change the policy gain nothing by it, so they are not reported.
#   CreateGrant that is limited to the key's own account, or to accounts and organizations of the
#   configuration's trust, is info. CreateGrant that requires an encryption context in each grant is not
#   reported. A condition that matches every grantee (`*`, a role of any account, or all but one), or Null on a
#   key that every request has, does not limit anything. AWS's guides give users and roles of the key's account
#   such a statement to clone clusters and train models, so this is a warning.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#grant-authorization
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html
# custom:
#   severity: warning
#   subject: policy
#   when: [open_grants]
#   access: [left]
#   remedy: >-
#     Write kms:CreateGrant in a statement of its own with "Bool": {"kms:GrantIsForAWSResource": "true"}, or limit it
#     by kms:GranteePrincipal and kms:GrantOperations.
package keypolicy.rules.privilege["create-grant-unbounded"]

import data.keypolicy.lib

findings contains lib.at(lib.grant_entry(st), message) if {
	some st in _unbounded
	holders := _holders(st)
	count(holders) > 0
	message := sprintf(
		"statement %s lets %s create any grant: they can give `kms:Decrypt` to anyone, outside the policy%s",
		[lib.name(st), lib.called(holders), lib.open_bounds(st)],
	)
}

# Who is trusted, or the whole of the own account.
findings contains object.union(lib.at(lib.grant_entry(st), message), {"severity": _severity(st)}) if {
	some st in _unbounded
	count(_holders(st)) == 0
	not _external(st)
	not _is_unapproved(st)
	groups := [p | some p in st.principals; _is_group(st, p); lib.unlimited(p, "kms:CreateGrant")]
	count(groups) > 0
	message := sprintf("statement %s lets %s create any grant, which can give `kms:Decrypt` to anyone, outside the policy%s", [
		lib.name(st), lib.several([_group(st, p) | some p in groups]), lib.open_bounds(st),
	])
}

_unbounded := [st |
	some st in input.policy.statements
	lib.unbounded_grants(st)
]

# An organization that no trust names may be the user's own, and may be another's.
_severity(st) := "warning" if _by_organization(st)

_severity(st) := "info" if not _by_organization(st)

_by_organization(st) if {
	_open(st)
	count(lib.limits(st, lib.account_keys)) == 0
	not lib.trusted_organization(st, input)
	not _by_own_organization(st)
}

# The key's own organization is not another's.
_by_own_organization(st) if {
	some condition in lib.limits(st, {"aws:PrincipalOrgID"})
	every value in condition.values { value.text == "${aws:ResourceOrgID}" }
}

# organization-not-approved reports it.
_is_unapproved(st) if count(lib.unapproved_organizations(st, input)) > 0

_open(st) if {
	some p in st.principals
	p.kind == "anyone"
}

_holders(st) := [p |
	some p in lib.named(st)
	p.relation in {"own", "unknown", "none"}
	not p.same in _editors
	lib.unlimited(p, "kms:CreateGrant")
	not lib.trusted_organization(st, input)
]

_editors := lib.editors(input.policy.statements) if count(_unbounded) > 0

# An account that may change the policy delegates all of it to IAM: that is its own statement.
_is_group(_, p) if {
	p.kind == "account"
	p.relation in {"own", "unknown"}
	not p.same in _editors
}

_is_group(_, p) if {
	p.kind in {"account", "user", "role", "session"}
	p.relation == "trusted"
}

# Everyone, unlimited, is another rule's.
_is_group(st, p) if {
	p.kind == "anyone"
	count(lib.limits(st, lib.account_keys | lib.organization_keys)) > 0
	not p.same in _editors
}

_group(_, p) := p.text if p.kind != "anyone"

_group(st, p) := lib.limits(st, lib.account_keys | lib.organization_keys)[0].values[0].text if p.kind == "anyone"

_external(st) if count(lib.external_holders(st, input)) > 0
