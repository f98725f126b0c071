package keypolicy.lib_test

import data.keypolicy.lib

_said(index, sid, principals) := {
	"index": index, "path": ["Statement", index], "sid": {"text": sid}, "effect": {"text": "Allow"}, "elements": _elements(["Sid", "Effect"]),
	"principals": [{"element": "AWS", "same": same} | some same in principals], "not_principals": [], "actions": [{"text": "kms:Decrypt"}],
	"not_actions": [], "resources": [{"text": "*"}], "not_resources": [], "conditions": [],
	"problems": [],
}

test_duplicates_but_for_their_sids if {
	lib.duplicates([_said(0, "A", ["a", "b"]), _said(1, "B", ["b", "a"]), _said(2, "C", ["c", "a"])]) == {[0, 1]}
	lib.duplicates([_said(0, "A", ["a"])]) == set()
}

test_what_was_not_read_is_like_nothing if {
	faulty := {"problems": [{"path": ["Statement", 0, "Condition"], "kind": "type", "type": "list"}]}
	lib.duplicates([object.union(_said(0, "A", ["a"]), faulty), _said(1, "B", ["a"])]) == set()
	lib.duplicates([object.union(_said(0, "A", ["a"]), faulty), object.union(_said(1, "B", ["a"]), faulty)]) == set()
}

test_what_a_statement_says_by_parts if {
	a := _said(0, "A", ["a"])
	b := _said(1, "B", ["b"])
	lib.said(a) != lib.said(b)
	lib.names_of(a) != lib.names_of(b)
	lib.actions_of(a) == lib.actions_of(b)
	lib.rest_of(a) == lib.rest_of(b)
}

test_delegating_statements if {
	st := _statement([_both], [_root])
	lib.delegating([st, _statement([_use], [_root]), _statement([_both], [_role])]) == [st]
	lib.delegates(st)
	lib.delegating([object.union(st, {"conditions": [_condition("aws:SourceIp", ["10.0.0.0/8"], {})]})]) == []
}

test_action_element_is_what_is_there if {
	lib.action_element({"path": ["S"], "elements": _elements(["Action"])}) == ["S", "Action"]
	lib.action_element({"path": ["S"], "elements": _elements(["NotAction"])}) == ["S", "NotAction"]
	lib.action_element({"path": ["S"], "elements": []}) == ["S"]
}
