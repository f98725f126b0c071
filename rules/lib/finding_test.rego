package keypolicy.lib_test

import data.keypolicy.lib

test_findings_have_a_place_and_a_message if {
	lib.at(["Action", 0], "m") == {"path": ["Action", 0], "message": "m"}
	lib.at_key(["Action"], "m") == {"path": ["Action"], "message": "m", "at": "key"}
}

test_phrase_is_part_of_a_sentence if {
	lib.phrase("It depends on X.") == "it depends on X"
}

test_what_is_added_to_a_finding if {
	finding := lib.at([], "m")
	lib.because("r", finding).reason == "r"
	lib.remedied(finding, "h").help == "h"
	lib.beside(finding, ["Sid"], "here").related == [{"path": ["Sid"], "message": "here"}]
	lib.beside_all(finding, [{"path": ["Sid"], "message": "here"}]).related[0].path == ["Sid"]
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
