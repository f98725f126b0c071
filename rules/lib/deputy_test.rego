package keypolicy.lib_test

import data.keypolicy.lib

test_deputy_severity_of_use_and_administration if {
	lib.deputy_severity(_for_service, [_service("a")], _publishing) == "info"
	lib.deputy_severity(_for_service, [_service("b")], _publishing) == "warning"
	administering := object.union(_for_service, {"actions": [{
		"effective": ["kms:PutKeyPolicy"], "cryptographic": [], "administrative": ["kms:PutKeyPolicy"],
	}]})
	lib.deputy_severity(administering, [_service("b")], _publishing) == "error"
}

test_is_mild_by_the_encryption_context if {
	mild := object.union(_for_service, {"conditions": [_condition_for("kms:EncryptionContext:a", ["payments"])]})
	lib.is_mild(mild, _service("b"), _publishing)
	not lib.is_mild(_for_service, _service("b"), _publishing)
}
