package keypolicy.lib_test

import data.keypolicy.lib

_trusting := {"trust": {"given": true, "accounts": [], "organizations": ["o-a1b2c3d4e5"]}}

_org_condition(key, base, set, values) := {
	"key": {"name": key, "text": key},
	"operator": {
		"base": base, "set": set, "family": "String", "if_exists": false,
		"negated": contains(base, "Not"), "wildcards": contains(base, "Like"),
	},
	"values": [{"text": text, "path": [text], "variable": startswith(text, "$")} | some text in values],
}

_lets_in(kind, conditions) := {entry.organization |
	some entry in lib.unapproved_organizations(
		{
			"effect": {"text": "Allow"},
			"principals": [{"kind": kind, "text": "*"}],
			"conditions": conditions,
		},
		_trusting,
	)
}

_stranger_organization := "o-z9y8x7w6v5"

test_unapproved_organizations_of_lists if {
	every values in [[_stranger_organization], ["o-a1b2c3d4e5", _stranger_organization], [_stranger_organization, "o-a1b2c3d4e5"], ["${aws:ResourceOrgID}", _stranger_organization]] {
		_lets_in("anyone", [_org_condition("aws:PrincipalOrgID", "StringEquals", "", values)]) == {_stranger_organization}
		_lets_in("service", [_org_condition("aws:SourceOrgID", "StringEquals", "", values)]) == {_stranger_organization}
	}
	_lets_in("anyone", [_org_condition("aws:PrincipalOrgPaths", "StringLike", "ForAnyValue", ["o-z9y8x7w6v5/*"])]) == {_stranger_organization}
	_lets_in("anyone", [_org_condition("aws:VpceOrgID", "StringEquals", "", [_stranger_organization])]) == {_stranger_organization}
	every values in [["o-a1b2c3d4e5"], ["${aws:ResourceOrgID}"], ["o-*"]] {
		_lets_in("anyone", [_org_condition("aws:PrincipalOrgID", "StringLike", "", values)]) == set()
	}
}

test_unapproved_organizations_of_all_values if {
	every_value := _org_condition("aws:PrincipalOrgPaths", "StringLike", "ForAllValues", ["o-z9y8x7w6v5/*"])
	_lets_in("anyone", [every_value]) == set()
	_lets_in("anyone", [every_value, _org_condition("aws:PrincipalOrgPaths", "Null", "", ["false"])]) == {_stranger_organization}
	_lets_in("anyone", [every_value, _org_condition("aws:PrincipalOrgPaths", "Null", "", ["true"])]) == set()
}

# Who is let in is of a named account, or not of the organization.
test_unapproved_organizations_beside_stranger_organizations if {
	both := _org_condition("aws:PrincipalOrgID", "StringEquals", "", [_stranger_organization, "o-a1b2c3d4e5"])
	every beside in [
		_org_condition("aws:PrincipalAccount", "StringEquals", "", ["111122223333"]),
		_org_condition("kms:CallerAccount", "StringEquals", "", ["111122223333"]),
		_org_condition("aws:PrincipalAccount", "StringEquals", "", ["${aws:ResourceAccount}"]),
		_org_condition("aws:PrincipalArn", "StringLike", "", ["arn:aws:iam::111122223333:role/*"]),
		_org_condition("aws:PrincipalOrgID", "StringNotEquals", "", [_stranger_organization]),
		_org_condition("aws:PrincipalOrgPaths", "StringNotLike", "ForAllValues", ["o-z9y8x7w6v5/*"]),
		_org_condition("aws:PrincipalOrgPaths", "StringLike", "ForAnyValue", ["o-a1b2c3d4e5/r-ab12/*"]),
	] {
		_lets_in("anyone", [both, beside]) == set()
	}
	every beside in [
		_org_condition("aws:PrincipalAccount", "StringLike", "", ["1111*"]),
		_org_condition("aws:PrincipalArn", "StringLike", "", ["arn:aws:iam::*:role/app"]),
		_org_condition("aws:PrincipalOrgID", "StringNotEquals", "", ["o-a1b2c3d4e5"]),
		_org_condition("aws:PrincipalOrgPaths", "StringNotLike", "ForAllValues", ["o-z9y8x7w6v5/r-ab12/*"]),
		_org_condition("aws:PrincipalOrgPaths", "StringLike", "ForAnyValue", ["o-*/r-ab12/*"]),
	] {
		_lets_in("anyone", [both, beside]) == {_stranger_organization}
	}
	_lets_in("service", [
		_org_condition("aws:SourceOrgID", "StringEquals", "", [_stranger_organization]),
		_org_condition("aws:SourceAccount", "StringEquals", "", ["111122223333"]),
	]) == set()
	_lets_in("anyone", [
		_org_condition("aws:PrincipalOrgID", "StringEquals", "", ["o-a1b2c3d4e5"]),
		_org_condition("aws:VpceOrgID", "StringEquals", "", [_stranger_organization]),
	]) == set()
}
