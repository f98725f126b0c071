package keypolicy.lib_test

import data.keypolicy.lib

_limited := {"effect": {"text": "Allow"}, "principals": [_anyone], "actions": [_use], "conditions": [_condition("kms:ViaService", ["s3"], {}), _condition("kms:CallerAccount", ["1"], {})]}

_read := {"effect": {"text": "Allow"}, "principals": [_root], "actions": [], "conditions": []}

test_aws_managed_keys_are_known_by_id_and_statements if {
	managed := {"form": "document", "policy": {"id": {"text": "auto-s3-1"}, "statements": [_limited, _read]}}
	lib.managed_by_aws(managed)
	not lib.managed_by_aws(object.union(managed, {"form": "lists"}))
	not lib.managed_by_aws(object.union(managed, {"policy": {"id": {"text": "x"}}}))
	not lib.managed_by_aws(object.union(managed, {"policy": {"statements": [_limited, object.union(_read, {"actions": [_admin]})]}}))
	not lib.managed_by_aws(object.union(managed, {"policy": {"statements": [_read]}}))
	lib.managed_by_aws(object.union(managed, {"form": "reply"}))
	described := object.union(_read, {"principals": [{"kind": "service"}]})
	own := object.union(_read, {"principals": [_anyone], "conditions": [_condition("kms:CallerAccount", ["1"], {})]})
	denied := object.union(_limited, {"effect": {"text": "Deny"}, "actions": [_admin], "conditions": []})
	lib.managed_by_aws(object.union(managed, {"policy": {"statements": [_limited, described, own, denied]}}))
	not lib.managed_by_aws(object.union(managed, {"policy": {"statements": [_limited, object.union(own, {"conditions": []})]}}))
	unknown := {"known": false, "path": [], "kind": "variable", "ref": "var.x", "written": "${var.x}"}
	lib.may_be_managed_by_aws(managed)
	lib.may_be_managed_by_aws(object.union(managed, {"policy": {"id": unknown, "statements": [_limited, _read]}}))
	lib.may_be_managed_by_aws(object.union(managed, {"policy": {"statements": [_limited, object.union(_read, {"principals": [unknown]})]}}))
	not lib.may_be_managed_by_aws(object.union(managed, {"policy": {"statements": [_limited, object.union(_read, {"actions": [_admin]})]}}))
	lib.for_managed(managed, {"message": "m"}).severity == "info"
	lib.for_managed({"form": "lists", "policy": {"id": {"text": ""}}}, {"message": "m"}) == {"message": "m"}
}

test_an_account_that_may_be_the_key_s if {
	lib.own_account_or_unknown(_root)
	not lib.own_account_or_unknown(_other)
}

test_statements_that_let_the_policy_be_changed if {
	by_root := _statement([_both], [_root])
	by_role := _statement([_admin], [_role])
	use := _statement([_use], [_anyone])
	lib.putting([by_root, by_role, use]) == [by_root, by_role]
	lib.accounts_putting([by_root, by_role]) == [by_root]
	not lib.everyone_puts([by_root, use])
	lib.everyone_puts([_statement([_admin], [_anyone])])
}

test_own_account_in_a_statement if {
	lib.own_account(_statement([], [_root]))
	not lib.own_account(_statement([], [_other, _role]))
}

test_roles_of_identity_center_do_not_last if {
	passing := object.union(_role, {"name_path": "aws-reserved/sso.amazonaws.com/eu-west-1/"})
	lib.passing_role(passing)
	lib.lasts(_role)
	not lib.lasts(passing)
	lib.only_passing([_statement([_admin], [passing])])
	not lib.only_passing([_statement([_admin], [passing, _role])])
	not lib.only_passing([])
	unknown := {"known": false, "path": [], "kind": "variable", "ref": "var.x", "written": "${var.x}"}
	not lib.only_passing([_statement([_admin], [passing, unknown])])
	not lib.only_passing([_statement([_admin], [passing]), object.union(_statement([unknown], [_role]), {"takes": {}})])
	lib.only_passing([object.union(_statement([_admin], [passing]), {"effect": unknown})])
}

test_what_may_put if {
	unknown := {"known": false, "path": [], "kind": "variable", "ref": "var.x", "written": "${var.x}"}
	deny := object.union(_statement([_admin], [_role]), {"effect": {"text": "Deny"}})
	maybe := object.union(_statement([_admin], [_role]), {"effect": unknown})
	lib.may_put([deny, maybe]) == [maybe]
}

test_what_of_a_deny_takes_too_much_in if {
	lib.statement_list == ["Statement"]
	lib.denying_element({"path": [], "elements": _elements(["Condition"]), "not_principals": []}) == ["Condition"]
	lib.denying_element({"path": [], "elements": [], "not_principals": [1]}) == ["NotPrincipal"]
	lib.denying_element({"path": [], "elements": [], "not_principals": []}) == ["Principal"]
}

test_the_account_s_own_statement if {
	lib.account_statement(_statement([_both], [_root]))
	not lib.account_statement(_statement([_use], [_root]))
	not lib.account_statement(_statement([_both], [_role]))
}

test_editors_that_could_not_be_read if {
	lib.unread_editors([_statement([_admin], [])])
	lib.unread_editors([_statement([_admin], [object.union(_role, {"kind": "unknown"})])])
	lib.unread_editors([_statement([_admin], [object.union(_role, {"account": "12"})])])
	not lib.unread_editors([_statement([_admin], [_role])])
}

test_sole_editor_is_the_one_that_lasts if {
	a := object.union(_role, {"same": "a"})
	b := object.union(_role, {"same": "b"})
	lib.sole_editor([_statement([_admin], [a]), _statement([_both], [a])]) == [a]
	lib.sole_editor([_statement([_admin], [a, b])]) == []
	lib.sole_editor([_statement([_use], [a])]) == []
}
