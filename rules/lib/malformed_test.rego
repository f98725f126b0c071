package keypolicy.lib_test

import data.keypolicy.lib

_good := {
	"key": {"text": "kms:CallerAccount", "name": "kms:CallerAccount", "known": true, "families": ["String"], "nearest": ""},
	"operator": {"text": "StringEquals", "base": "StringEquals", "family": "String", "known": true, "set": "", "negated": false, "if_exists": false, "nearest": ""},
	"values": [{"text": "111122223333", "parses": true}],
}

_with(field, value) := object.union(_good, {field: object.union(_good[field], value)})

test_what_is_right_is_not_malformed if not lib.malformed(_good)

test_a_hole_is_not_malformed if {
	not lib.malformed({"key": _good.key, "operator": {"known": false, "ref": "var.x"}, "values": _good.values})
}

test_malformed_in_each_part if {
	lib.malformed(_with("operator", {"text": "StringEqual", "known": false, "nearest": "StringEquals"}))
	lib.malformed(_with("operator", {"text": "NumericEquals", "family": "Numeric"}))
	lib.malformed(_with("key", {"text": "kms:CallerAcount", "known": false, "nearest": "kms:CallerAccount"}))
	lib.malformed({"key": _good.key, "operator": object.union(_good.operator, {"family": "Null"}), "values": [{"text": "yes", "parses": false}]})
}

test_refused_is_what_is_an_error if {
	not lib.invalid(_with("key", {"text": "kms:New", "known": false}))
	not lib.invalid(_with("operator", {"text": "stringequals", "known": false, "nearest": "StringEquals"}))
	lib.invalid(_with("operator", {"text": "StringEqual", "known": false, "nearest": "StringEquals"}))
}

test_what_passes_without_its_key_is_not_meant_to_limit if {
	not lib.has_malformed({"conditions": [_with("operator", {"text": "NumericNotEquals", "family": "Numeric", "negated": true})]})
}

test_misspelt_limit if {
	st := {"conditions": [_with("key", {"text": "kms:CallerAcount", "known": false, "nearest": "kms:CallerAccount"})]}
	lib.misspelt_limit(st, {"kms:CallerAccount"})
	not lib.misspelt_limit(st, {"kms:ViaService"})
}

test_mismatched_is_an_operator_of_another_type if {
	lib.mismatched(_with("operator", {"text": "DateEquals", "family": "Date"}))
	not lib.mismatched(_good)
	not lib.mismatched(_with("operator", {"text": "Null", "family": "Null"}))
}

test_compares_text_that_is_as_aws_writes_it if {
	network := {"key": {"type": "IP"}, "operator": {"family": "String"}}
	lib.compares_text(object.union(network, {"values": [{"text": "203.0.113.7"}]}))
	not lib.compares_text(object.union(network, {"values": [{"text": "203.0.113.0/24"}]}))
}

test_what_cannot_be_read_is_malformed if {
	unread := {"conditions": [], "problems": [{"path": ["Condition", "StringEquals"], "kind": "type", "type": "null"}]}
	lib.unread_condition(unread)
	lib.has_malformed(unread)
	not lib.has_malformed({"conditions": [], "problems": [{"path": ["Action"], "kind": "type", "type": "null"}]})
}
