package keypolicy.lib_test

import data.keypolicy.lib

test_findings_have_a_place_and_a_message if {
	lib.at(["Action", 0], "m") == {"path": ["Action", 0], "message": "m"}
	lib.at_key(["Action"], "m") == {"path": ["Action"], "message": "m", "at": "key"}
}

test_phrase_is_part_of_a_sentence if {
	lib.phrase("It depends on X.") == "it depends on X"
	lib.phrase("EC2 makes its grants.") == "EC2 makes its grants"
}

test_what_is_added_to_a_finding if {
	finding := lib.at([], "m")
	lib.because("r", finding).reason == "r"
	lib.remedied(finding, "h").help == "h"
	lib.beside(finding, ["Sid"], "here").related == [{"path": ["Sid"], "message": "here"}]
	lib.beside_all(finding, [{"path": ["Sid"], "message": "here"}]).related[0].path == ["Sid"]
}

test_places_that_are_at_fault_together if {
	finding := lib.at(["Action", 1], "m")
	paths := [["Action", 0], ["Action", 1]]
	lib.among(finding, paths).among == paths
	lib.alike(finding, paths) == object.union(finding, {"among": paths, "alike": true})
	lib.pair(finding, ["Action", 0], "here").among == paths
	lib.pair(finding, ["Action", 0], "here").related == [{"path": ["Action", 0], "message": "here"}]
}

test_proposals if {
	value := lib.at(["Effect"], "m")
	lib.written(value, "Allow").edits == [{"path": ["Effect"], "at": "value", "text": "Allow"}]
	lib.meant(lib.at_key(["Efect"], "m"), "Effect").edits == [{"path": ["Efect"], "at": "key", "text": "Effect"}]
	lib.quoted(value, "1").help == "write `\"1\"`"
	lib.renamed(value, ["a"], "b").edits == [{"path": ["a"], "at": "key", "text": "b"}]
	lib.added(value, "h", [], {"a": "b"}).edits == [{"path": [], "add": {"a": "b"}}]
	lib.adding(value, "Bool", "k", "true").edits == [{"path": [], "add": {"Condition": {"Bool": {"k": "true"}}}}]
	lib.replacing(value, "x").text == "x"
	not lib.proposed(value, "h", [lib.replacing(value, "arn:aws:iam::ACCOUNT:root")]).edits
}

test_has_list if {
	lib.has_list({"elements": [{"name": "Statement", "type": "list"}]})
	not lib.has_list({"elements": [{"name": "Statement", "type": "mapping"}]})
}

_with_operator(operator) := {"conditions": [{"operator": {"text": operator}}]}

test_operator_written_leaves_an_operator_that_is_there if {
	finding := lib.at_key(["Condition", "StringEquals"], "m")
	lib.operator_written(finding, _with_operator("StringEquals"), finding.path, "StringLike").help == "write `StringLike`"
	there := lib.operator_written(finding, _with_operator("StringLike"), finding.path, "StringLike")
	there.help == "move it under the `StringLike` that is there"
	not there.edits
}

test_operator_meant if {
	finding := lib.at_key(["Condition", "StringEqual"], "m")
	lib.operator_meant(finding, _with_operator("StringEqual"), finding.path, "StringEquals").help == "did you mean `StringEquals`?"
	not lib.operator_meant(finding, _with_operator("StringEquals"), finding.path, "StringEquals").edits
}

test_remedied_says_what_a_form_leaves_open if {
	lib.remedied(lib.at([], "m"), "write `x.REGION.y`").help == "write `x.REGION.y`; replace REGION with the Region"
	lib.remedied(lib.at([], "m"), "write `x`").help == "write `x`"
}
