package keypolicy.lib_test

import data.keypolicy.lib

_element(name) := {"name": name, "means": name, "path": [name], "type": "list", "empty": false}

_elements(names) := [_element(name) | some name in names]

test_name_is_the_sid_or_the_index if {
	lib.name({"sid": {"text": "Root"}, "label": "Root"}) == "`Root`"
	lib.name({"sid": {"text": ""}, "label": "3"}) == "3"
	lib.name({"sid": {"known": false, "ref": "var.x", "written": "A${var.x}"}, "label": "3"}) == "`A${var.x}`"
}

test_all_of_an_element_and_its_not if {
	lib.all_principals({"principals": [1], "not_principals": [2]}) == [1, 2]
	lib.all_actions({"actions": [1], "not_actions": [2]}) == [1, 2]
}

test_own_principals_are_not_a_list_s if {
	st := {"principals": [{"list": ""}, {"list": "key_users"}], "not_principals": []}
	lib.own_principals(st) == [{"list": ""}]
	lib.principals_of({"statement": st}) == [{"list": ""}]
	lib.principals_of({"spec": {"entries": [1]}}) == [1]
}

test_faulty_of_either_subject if {
	lib.faulty({"spec": {"faulty": [1]}}) == [1]
	lib.faulty({"statement": {"faulty": [2]}}) == [2]
}

test_has_an_element_that_is_not_empty if {
	st := {"elements": array.concat(_elements(["Action"]), [object.union(_element("Resource"), {"empty": true})])}
	lib.has(st, "Action")
	not lib.has(st, "Resource")
	lib.empty(st, "Resource") == ["Resource"]
	not lib.empty(st, "Action")
}

test_lacks_counts_what_is_misspelt_as_there if {
	elements := [object.union(_element("action"), {"means": "Action"})]
	lib.lacks(elements, {"Effect"})
	not lib.lacks(elements, {"Action"})
}

test_identity_policies_name_nobody if {
	st := {"elements": _elements(["Effect", "Action", "Resource"]), "resources": [{"text": "arn:aws:s3:::b"}], "actions": []}
	lib.is_identity_policy({"statements": [st]})
	not lib.is_identity_policy({"statements": [object.union(st, {"elements": _elements(["Principal"])})]})
	not lib.is_identity_policy({"statements": []})
}

test_does if {
	lib.does({"effect": {"text": "Deny"}}) == "denies"
	lib.does({"effect": {"text": "Allow"}}) == "allows"
}

test_lets_edit if {
	st := {"effect": {"text": "Allow"}, "actions": [{"matches": ["kms:PutKeyPolicy"]}]}
	lib.lets_edit(st)
	not lib.lets_edit(object.union(st, {"effect": {"text": "Deny"}}))
}

test_announced_refusal_says_what_the_statement_does if {
	contains(lib.announced_refusal({"effect": {"text": "Deny"}}), "it denies nothing")
	contains(lib.announced_refusal({"effect": {"text": "Allow"}}), "it allows nothing")
}
