package keypolicy.lib_test

import data.keypolicy.lib

_operator(fields) := object.union({"text": "StringEquals", "if_exists": false, "negated": false, "set": "", "base": "StringEquals", "family": "String"}, fields)

_condition(name, values, fields) := {
	"operator": _operator(fields), "key": {"text": name, "name": name},
	"values": [{"text": value, "path": ["Condition", i], "variable": false} | some i, value in values],
}

test_by_names_operator_and_key if lib.by(_condition("kms:ViaService", [], {})) == "`StringEquals` on `kms:ViaService`"

test_has_key_in_small_letters if {
	st := {"conditions": [_condition("kms:ViaService", [], {})]}
	lib.has_key(st, {"kms:viaservice"})
	not lib.has_key(st, {"kms:calleraccount"})
}

test_absent_passes if {
	lib.absent_passes(_condition("k", ["x"], {"if_exists": true}))
	lib.absent_passes(_condition("k", ["x"], {"negated": true}))
	lib.absent_passes(_condition("k", ["x"], {"set": "ForAllValues"}))
	lib.absent_passes(_condition("k", ["True"], {"base": "Null"}))
	not lib.absent_passes(_condition("k", ["false"], {"base": "Null"}))
	not lib.absent_passes(_condition("k", ["x"], {}))
}

test_lacks_suffix if {
	lib.lacks_suffix("aws:PrincipalTag/")
	not lib.lacks_suffix("aws:PrincipalTag/team")
}

test_only_with_counts if {
	lib.only_with({"operations": ["A"]}) == "only with A"
	lib.only_with({"operations": ["A", "B", "C"]}) == "only with A, B and C"
	lib.only_with({"operations": ["A", "B", "C", "D", "E"]}) == "only with other operations"
}

test_is_literal_pattern if {
	equals := {"operator": {"wildcards": false}}
	lib.is_literal_pattern(equals, {"text": "a*", "variable": false})
	not lib.is_literal_pattern(equals, {"text": "a", "variable": false})
	not lib.is_literal_pattern({"operator": {"wildcards": true}}, {"text": "a*", "variable": false})
}
