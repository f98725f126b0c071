package keypolicy.lib_test

import data.keypolicy.lib

_use := {"text": "kms:Decrypt", "path": ["Action", 0], "matches": ["kms:Decrypt"], "does": {"use": true, "administration": false, "all": false}}

_admin := {"text": "kms:PutKeyPolicy", "path": ["Action", 1], "matches": ["kms:PutKeyPolicy"], "does": {"use": false, "administration": true, "all": false}}

_both := {"text": "kms:*", "path": ["Action"], "matches": ["kms:Decrypt", "kms:PutKeyPolicy", "kms:CreateGrant"], "does": {"use": true, "administration": true, "all": true}}

_grant := {"text": "kms:CreateGrant", "path": ["Action", 0], "matches": ["kms:CreateGrant"], "does": {"use": false, "administration": false, "all": false}}

_statement(actions, principals) := {
	"index": 0, "path": ["Statement", 0], "sid": {"text": "s"}, "effect": {"text": "Allow"}, "elements": _elements(["Action", "Principal", "Resource"]),
	"actions": actions, "not_actions": [], "principals": principals, "not_principals": [], "conditions": [],
	"duties": {
		"use": count([a | some a in actions; a.does.use; not a.does.administration]) > 0,
		"administration": count([a | some a in actions; not a.does.use; a.does.administration]) > 0,
		"everything": count([a | some a in actions; a.does.use; a.does.administration]) > 0,
	},
	"takes": {name: true | some action in actions; some name in action.matches},
}

_role := {"kind": "role", "relation": "own", "text": "r", "same": "r", "path": ["Principal", "AWS"], "named": true, "account": "111122223333", "wildcard": false, "name_path": ""}

_root := object.union(_role, {"kind": "account", "text": "root", "same": "root", "named": false})

_other := object.union(_root, {"relation": "other", "text": "444455556666", "same": "444455556666", "account": "444455556666"})

_anyone := object.union(_root, {"kind": "anyone", "relation": "none", "text": "*", "same": "*", "account": ""})

test_gives_needs_an_allow_with_a_resource if {
	st := _statement([_use], [_role])
	lib.grants(st, "kms:Decrypt")
	lib.gives(st, "kms:Decrypt")
	not lib.gives(st, "kms:PutKeyPolicy")
	not lib.gives(object.union(st, {"effect": {"text": "Deny"}}), "kms:Decrypt")
	not lib.gives(object.union(st, {"elements": _elements(["Action"])}), "kms:Decrypt")
}

test_entries_are_of_one_duty_or_of_all if {
	st := _statement([_use, _admin, _both], [_role])
	lib.uses(st) == [_use]
	lib.administers(st) == [_admin]
	lib.everything(st) == [_both]
	lib.has_use(st)
	lib.has_everything(st)
	not lib.has_use(_statement([_both], [_root]))
	not lib.has_everything(_statement([_use], [_root]))
}

test_a_statement_is_for_users_or_for_administrators if {
	lib.is_for_users(_statement([_use, _admin], []))
	not lib.is_for_administrators(_statement([_use, _admin], []))
	lib.is_for_administrators(_statement([_admin], []))
	lib.is_for_administrators(_statement([_both], []))
	not lib.is_for_users(_statement([_both], []))
	not lib.is_for_users(_statement([], []))
}

test_sets_of_actions_are_of_the_facts if {
	lib.cryptographic == {"kms:Decrypt"} with input.facts.actions.cryptographic as ["kms:Decrypt"]
	lib.administrative == {"kms:PutKeyPolicy"} with input.facts.actions.administrative as ["kms:PutKeyPolicy"]
	count(lib.destructive & lib.tagging) == 0
}

test_entries_of_reach_actions if {
	lib.entries_of(_statement([_use, _both], []), {"kms:CreateGrant"}) == [_both]
	lib.entries_of(_statement([_use], []), {"kms:CreateGrant"}) == []
	lib.reached(_both, {"kms:Decrypt", "kms:Sign"}) == {"kms:Decrypt"}
}

test_named_are_no_accounts if lib.named(_statement([], [_role, _root])) == [_role]

test_editors_and_users if {
	editing := object.union(_statement([_admin], [_role]), {"index": 1})
	lib.editors([editing]) == {"r"}
	lib.users_of(_statement([_use], [_role]), [editing]) == []
	lib.users_of(_statement([_use], [_role, _other]), []) == [_role]
}

test_what_is_left_to_a_principal if {
	p := object.union(_role, {"left": {"denied": ["kms:Decrypt"], "bounded": ["kms:CreateGrant"], "nothing": false, "live": true, "outside": {"denied": [], "bounded": [], "nothing": true, "live": false}}})
	lib.able(_role, {"kms:Decrypt"})
	not lib.able(p, {"kms:Decrypt"})
	lib.able(p, {"kms:CreateGrant"})
	not lib.unlimited(p, "kms:CreateGrant")
	lib.unlimited(_role, "kms:CreateGrant")
	lib.live(p)
	not lib.live(lib.outside(p))
	lib.outside(_role) == _role
	lib.takes_effect(_statement([], [p]))
	not lib.takes_effect(_statement([], [lib.outside(p)]))
}

test_conditions_that_ask_and_that_limit if {
	st := {"conditions": [_condition("aws:PrincipalOrgID", ["o-1"], {"negated": true})]}
	lib.asks(st, lib.organization_keys)
	not lib.asks(st, lib.account_keys)
	lib.limits(st, lib.organization_keys) == []
	count(lib.limits({"conditions": [_condition("aws:PrincipalOrgID", ["o-1"], {})]}, lib.organization_keys)) == 1
}

test_a_trusted_organization_is_one_that_is_configured if {
	around := {"trust": {"organizations": ["o-1"]}}
	lib.trusted_organization({"conditions": [_condition("aws:PrincipalOrgID", ["o-1"], {})]}, around)
	lib.trusted_organization({"conditions": [_condition("aws:PrincipalOrgPaths", ["o-1/r-1/*"], {})]}, around)
	not lib.trusted_organization({"conditions": [_condition("aws:PrincipalOrgID", ["o-1", "o-2"], {})]}, around)
}

test_external_holders_are_of_other_accounts if {
	around := {"trust": {"organizations": [], "accounts": []}, "key": {"account": "111122223333"}}
	[h.text | some h in lib.external_holders(_statement([_use], [_role, _other]), around)] == ["444455556666"]
	limited := object.union(_statement([_use], [_anyone]), {"conditions": [_condition("kms:CallerAccount", ["444455556666", "111122223333"], {})]})
	[h.text | some h in lib.external_holders(limited, around)] == ["444455556666"]
}

test_grants_without_bounds if {
	st := _statement([_grant], [_role])
	lib.unbounded_grants(st)
	lib.grant_entry(st) == ["Action", 0]
	not lib.unbounded_grants(object.union(st, {"conditions": [_condition("kms:GrantIsForAWSResource", ["true"], {"base": "Bool"})]}))
	not lib.unbounded_grants(object.union(st, {"conditions": [_condition("kms:GrantOperations", ["Decrypt"], {"set": "ForAllValues"})]}))
	lib.unbounded_grants(object.union(st, {"conditions": [_condition("kms:GrantOperations", ["Decrypt"], {"set": "ForAnyValue", "negated": true})]}))
	lib.unbounded_grants(object.union(st, {"conditions": [_condition("kms:GrantOperations", ["false"], {"base": "Null"})]}))
}

test_conditions_on_grants_that_limit_none if {
	lib.for_aws_resources({"conditions": [_condition("kms:GrantIsForAWSResource", ["true"], {"base": "Bool"})]})
	not lib.for_aws_resources({"conditions": [_condition("kms:GrantIsForAWSResource", ["false"], {"base": "Null"})]})
	lib.open_bounds({"conditions": []}) == ""
	contains(lib.open_bounds({"conditions": [object.union(_condition("kms:GranteePrincipal", ["*"], {}), {"key": {"name": "kms:GranteePrincipal", "text": "kms:GranteePrincipal"}})]}), "`kms:GranteePrincipal` does not limit")
}

test_tags_and_aliases if {
	lib.is_tag_key("aws:ResourceTag/team")
	lib.is_tag_key("kms:RequestAlias")
	not lib.is_tag_key("aws:PrincipalTag/team")
	lib.rests_on_tags([{"conditions": [_condition("kms:ResourceAliases", ["alias/a"], {})]}])
	not lib.rests_on_tags([{"conditions": []}])
}

test_words_on_principals_and_accounts if {
	lib.called([_role, _root]) == "`r` and `root`"
	contains(lib.account_note({"account": "111122223333", "account_from": "policy"}), "111122223333 is taken for")
	lib.account_note({"account_from": "spec"}) == ""
	lib.principal_element(_statement([], [])) == ["Principal"]
}
