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

_lets_accounts_in(kind, conditions) := {entry.account |
	some entry in lib.unapproved_accounts(
		{
			"effect": {"text": "Allow"},
			"principals": [{"kind": kind, "text": "*"}],
			"conditions": conditions,
		},
		{"trust": {"given": true, "accounts": ["444455556666"]}, "key": {"account": "111122223333"}},
	)
}

_stranger := "777788889999"

test_unapproved_accounts_of_callers_and_sources if {
	every values in [[_stranger], ["444455556666", _stranger], [_stranger, "444455556666", "111122223333"]] {
		_lets_accounts_in("anyone", [_org_condition("aws:PrincipalAccount", "StringEquals", "", values)]) == {_stranger}
		_lets_accounts_in("service", [_org_condition("aws:SourceAccount", "StringEquals", "", values)]) == {_stranger}
		_lets_accounts_in("service", [_org_condition("kms:EncryptionContext:aws:sns:topicArn", "StringEquals", "", values)]) == {_stranger}
	}
	_lets_accounts_in("anyone", [_org_condition("aws:PrincipalAccount", "StringNotEquals", "", [_stranger])]) == set()
}

# Who calls is not said; what the call comes from is.
test_unapproved_accounts_of_origins if {
	every condition in [
		_org_condition("aws:VpceAccount", "StringEquals", "", [_stranger]),
		_org_condition("aws:SourceVpcArn", "StringLike", "", ["arn:aws:ec2:*:777788889999:vpc/*"]),
		_org_condition("lambda:SourceFunctionArn", "StringLike", "", ["arn:aws:lambda:eu-central-1:777788889999:function:f"]),
		_org_condition("aws:userid", "StringEquals", "", ["777788889999:bob"]),
		_org_condition("aws:userid", "StringEquals", "", [_stranger]),
	] {
		_lets_accounts_in("anyone", [condition]) == {_stranger}
		_lets_accounts_in("anyone", [condition, _org_condition("aws:PrincipalAccount", "StringEquals", "", ["444455556666"])]) == set()
		_lets_accounts_in("anyone", [condition, _org_condition("aws:PrincipalOrgID", "StringEquals", "", ["o-a1b2c3d4e5"])]) == set()
		_lets_accounts_in("anyone", [condition, _org_condition("aws:PrincipalAccount", "StringNotEquals", "", ["444455556666"])]) == {_stranger}
		_lets_accounts_in("role", [condition]) == set()
	}
}

# Another condition keeps the account out, or may not.
test_unapproved_accounts_beside_others if {
	both := _org_condition("aws:PrincipalAccount", "StringEquals", "", [_stranger, "444455556666"])
	every beside in [
		_org_condition("kms:CallerAccount", "StringEquals", "", ["444455556666"]),
		_org_condition("aws:PrincipalArn", "StringLike", "", ["arn:aws:iam::444455556666:role/*"]),
		_org_condition("aws:PrincipalAccount", "StringNotEquals", "", [_stranger]),
	] {
		_lets_accounts_in("anyone", [both, beside]) == set()
	}
	every beside in [
		_org_condition("kms:CallerAccount", "StringEquals", "", ["444455556666", _stranger]),
		_org_condition("aws:PrincipalArn", "StringLike", "", ["arn:aws:iam::*:role/*"]),
		_org_condition("aws:PrincipalArn", "StringNotLike", "", ["arn:aws:iam::777788889999:role/a"]),
		_org_condition("aws:SourceAccount", "StringEquals", "", ["444455556666"]),
		_org_condition("aws:PrincipalAccount", "StringEquals", "ForAllValues", ["444455556666"]),
	] {
		_stranger in _lets_accounts_in("anyone", [both, beside])
	}
}

test_a_deny_for_other_organizations_keeps_one_out if {
	st := {"actions": [{"effective": ["kms:Decrypt"]}], "not_actions": []}
	ours := _org_condition("aws:PrincipalOrgID", "StringNotEquals", "", ["o-a1b2c3d4e5"])
	deny := {
		"effect": {"text": "Deny"},
		"principals": [{"kind": "anyone"}],
		"resources": [{"text": "*"}],
		"takes": {"kms:Decrypt": true},
		"conditions": [ours],
	}
	lib.denied_to(st, deny, _stranger_organization)
	not lib.denied_to(st, deny, "o-a1b2c3d4e5")
	every other in [
		{"effect": {"text": "Allow"}},
		{"principals": [{"kind": "role"}]},
		{"resources": [{"text": "arn:aws:kms:eu-central-1:111122223333:alias/x"}]},
		{"takes": {"kms:Decrypt": false}},
		{"conditions": []},
		{"conditions": [_org_condition("aws:PrincipalOrgID", "StringNotEquals", "", ["o-a1b2c3d4e5", _stranger_organization])]},
		{"conditions": [_org_condition("aws:PrincipalOrgID", "StringNotEquals", "", ["${aws:ResourceOrgID}"])]},
		{"conditions": [_org_condition("aws:PrincipalOrgID", "StringEquals", "", ["o-a1b2c3d4e5"])]},
		{"conditions": [ours, _org_condition("aws:PrincipalTag/a", "StringNotEquals", "", ["b"])]},
	] {
		not lib.denied_to(st, object.union(deny, other), _stranger_organization)
	}
	services := object.union(_org_condition("aws:PrincipalIsAWSService", "Bool", "", ["false"]), {"operator": {"base": "Bool"}})
	lib.denied_to(st, object.union(deny, {"conditions": [ours, services]}), _stranger_organization)
}
