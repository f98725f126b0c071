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
