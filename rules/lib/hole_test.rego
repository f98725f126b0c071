package keypolicy.lib_test

import data.keypolicy.lib

_hole := {"known": false, "path": ["Effect"], "kind": "variable", "ref": "var.x", "written": "${var.x}"}

test_what_is_not_known_has_a_reference if {
	lib.is_hole(_hole)
	not lib.is_known(_hole)
	not lib.is_hole({"text": "kms:Foo", "known": false}) # an action that there is not
	lib.is_known({"text": "kms:Foo", "known": false})
	lib.is_known({"text": "Allow"})
}

test_shown if {
	lib.shown(_hole) == "${var.x}"
	lib.shown({"text": "Allow"}) == "Allow"
}

test_known_of if lib.known_of([_hole, {"text": "a"}]) == [{"text": "a"}]

test_may_be if {
	lib.may_be(_hole, "Allow")
	lib.may_be({"text": "Allow"}, "Allow")
	not lib.may_be({"text": "Deny"}, "Allow")
}

test_may_have_more if {
	lib.may_have_more([{"text": "a"}, object.union(_hole, {"open": true})])
	not lib.may_have_more([{"text": "a"}, _hole])
}

_allow := {
	"effect": {"text": "Allow"}, "elements": [{"name": "Resource", "means": "Resource", "type": "string", "empty": false}], "actions": [], "not_actions": [],
	"takes": {"kms:PutKeyPolicy": true},
}

test_may_give if {
	lib.may_give(_allow, "kms:PutKeyPolicy")
	not lib.may_give(_allow, "kms:Decrypt")
	lib.may_give(object.union(_allow, {"actions": [_hole]}), "kms:Decrypt")
	lib.may_give(object.union(_allow, {"effect": _hole}), "kms:PutKeyPolicy")
	not lib.may_give(object.union(_allow, {"effect": {"text": "Deny"}}), "kms:PutKeyPolicy")
	lib.may_give({"open": true, "effect": {"text": ""}}, "kms:PutKeyPolicy")
}

test_may_take if {
	lib.may_take(_allow, "kms:PutKeyPolicy")
	lib.may_take({"takes": {}, "actions": [], "not_actions": [_hole]}, "kms:Sign")
	not lib.may_take({"takes": {}, "actions": [], "not_actions": []}, "kms:Sign")
}
