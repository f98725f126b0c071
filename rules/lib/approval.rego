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
	condition.operator.base != "Null"
	not condition.operator.negated
	not condition.operator.if_exists
	condition.operator.set != "ForAllValues"
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
