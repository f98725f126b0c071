package keypolicy.lib_test

import data.keypolicy.lib

test_is_all_by_what_the_input_says if {
	lib.is_all({"does": {"all": true}})
	not lib.is_all({"does": {"all": false}})
}

test_of_kms_in_any_case if {
	lib.of_kms({"service": "KMS"})
	not lib.of_kms({"service": "s3"})
}

test_other_account_is_trusted_or_not if {
	lib.other_account({"relation": "other", "element": "AWS"})
	lib.other_account({"relation": "trusted", "element": "AWS"})
	not lib.other_account({"relation": "own", "element": "AWS"})
	not lib.other_account({"relation": "other", "element": "Federated"})
}

test_own_account_may_be_unknown if {
	lib.is_own_account({"kind": "account", "relation": "unknown"})
	not lib.is_own_account({"kind": "account", "relation": "other"})
	not lib.is_own_account({"kind": "role", "relation": "own"})
}
