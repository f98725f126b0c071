# Whom the configuration trusts of those that conditions let in.
package keypolicy.lib

# unapproved_organizations are the values of a statement's conditions that let in whoever belongs to an organization which the
# configuration does not trust, or a service that acts for it. around is the input. A statement whose conditions also name
# accounts lets in these: other rules look at them.
unapproved_organizations(st, around) := [{"condition": condition, "value": value, "organization": organization, "principal": p} |
	around.trust.given
	st.effect.text == "Allow"
	some p in st.principals
	live(p)
	not _names_accounts(st, _account_keys[p.kind])
	some condition in _of_organizations(st, p)
	some value in condition.values
	organization := split(value.text, "/")[0]
	regex.match(`^o-[a-z0-9]{10,32}$`, organization)
	not organization in around.trust.organizations
	every other in st.conditions {
		not _excludes(other, organization, _organization_keys[p.kind])
	}
]

# unapproved_accounts are the values of a statement's conditions that let in somebody of an account, or a service that acts for it,
# which is neither the key's own nor one that the configuration trusts. around is the input.
unapproved_accounts(st, around) := [{"condition": condition, "value": value, "account": account} |
	around.trust.given
	around.key.account != ""
	st.effect.text == "Allow"
	not trusted_organization(st, around)
	some p in st.principals
	live(p)
	some condition in st.conditions
	not condition.operator.negated
	_lets_accounts_in(st, condition, p)
	some value in condition.values
	account := _named_account(condition, value.text)
	account != around.key.account
	not account in around.trust.accounts
	every other in st.conditions {
		not _leaves_out(other, condition, account)
	}
]

_lets_accounts_in(_, condition, _) if condition.key.name in _of_account_keys

_lets_accounts_in(_, condition, _) if condition.key.name == "aws:SourceOwner"

# A service puts into the encryption context for whom it acts.
_lets_accounts_in(_, condition, p) if {
	p.kind == "service"
	startswith(lower(condition.key.text), "kms:encryptioncontext:aws:")
}

# Where no condition says who calls, what the call comes from does.
_lets_accounts_in(st, condition, p) if {
	p.kind == "anyone"
	condition.key.name in (origin_account_keys | caller_id_keys)
	count(limits(st, _organization_keys.anyone | _account_keys.anyone)) == 0
}

_of_account_keys := (account_keys | caller_arn_keys) | source_account_keys

_named_account(_, text) := account_in(text)

_named_account(condition, text) := account if {
	condition.key.name in caller_id_keys
	[account, _] := split(text, ":")
	is_account_id(account)
}

# The other condition is about the same, callers or sources, and names other accounts only, or excludes this one.
_leaves_out(other, condition, account) if {
	some keys in _account_keys
	condition.key.name in keys
	other.key.name in keys
	_is_sure(other)
	every value in other.values {
		is_account_id(_named_account(other, value.text))
		_named_account(other, value.text) != account
	}
}

_leaves_out(other, condition, account) if {
	some keys in _account_keys
	condition.key.name in keys
	other.key.name in keys
	other.operator.negated
	some value in other.values
	value.text == account
}

# It holds only where the key has one of the values.
_is_sure(condition) if {
	_lists_values(condition)
	condition.operator.set != "ForAllValues"
}

# Where no condition says who calls, the network does.
_of_organizations(st, p) := limits(st, endpoint_organization_keys) if {
	p.kind == "anyone"
	count(limits(st, _organization_keys.anyone | _account_keys.anyone)) == 0
} else := limits(st, _organization_keys[p.kind])

_organization_keys := {
	"anyone": organization_keys,
	"service": source_organization_keys,
}

_account_keys := {
	"anyone": (account_keys | caller_arn_keys),
	"service": source_account_keys,
}

_names_accounts(st, keys) if {
	some condition in limits(st, keys)
	count(condition.values) > 0
	every value in condition.values { _is_of_account(value.text) }
}

_is_of_account("${aws:ResourceAccount}") := true

_is_of_account(text) if regex.match(`^[0-9]{12}$`, text)

_is_of_account(text) if regex.match(`^arn:[^:]*:[^:]*:[^:]*:[0-9]{12}:`, text)

# A condition on one of the keys keeps all of an organization out.
_excludes(condition, organization, keys) if {
	condition.key.name in keys
	condition.operator.family == "String"
	_is_sure(condition)
	every value in condition.values {
		not _may_be_of(condition, value, organization)
	}
}

_excludes(condition, organization, keys) if {
	condition.key.name in keys
	condition.operator.family == "String"
	condition.operator.negated
	some value in condition.values
	_is_all_of(condition, value.text, organization)
}

# denied_to reports whether a Deny statement for everyone keeps the members of an organization out of all that a statement allows. Deny
# statements with other conditions than those on the organization and on services may let some in.
denied_to(st, deny, organization) if {
	deny.effect.text == "Deny"
	some p in deny.principals
	p.kind == "anyone"
	some resource in deny.resources
	resource.text == "*"
	every action in st.actions {
		every name in action.effective { deny.takes[name] }
	}
	count(st.not_actions) == 0
	some condition in deny.conditions
	_is_for_others(condition, organization)
	every other in deny.conditions { _reaches(other, organization) }
}

_reaches(condition, organization) if _is_for_others(condition, organization)

_reaches(condition, _) if {
	condition.key.name == "aws:PrincipalIsAWSService"
	condition.operator.base == "Bool"
	every value in condition.values { lower(value.text) == "false" }
}

_is_for_others(condition, organization) if {
	condition.key.name == "aws:PrincipalOrgID"
	condition.operator.family == "String"
	condition.operator.negated
	condition.operator.set == ""
	every value in condition.values { not _may_be_of(condition, value, organization) }
}

_may_be_of(_, value, _) if value.variable

_may_be_of(condition, value, organization) if _fits(condition, split(value.text, "/")[0], organization)

_is_all_of(condition, text, organization) if {
	not contains(text, "/")
	_fits(condition, text, organization)
}

_is_all_of(condition, text, organization) if {
	condition.operator.wildcards
	text == concat("", [organization, "/*"])
}

_fits(condition, pattern, text) if {
	not condition.operator.wildcards
	lower(pattern) == lower(text)
}

_fits(condition, pattern, text) if {
	condition.operator.wildcards
	regex.match(sprintf("^%s$", [replace(replace(pattern, "*", ".*"), "?", ".")]), text)
}
