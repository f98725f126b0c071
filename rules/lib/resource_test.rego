package keypolicy.lib_test

import data.keypolicy.lib

_key := {"region": "eu-west-1", "account": "111122223333", "account_from": "spec", "id": "arn:aws:kms:eu-west-1:111122223333:key/mrk-1"}

test_another_key_differs_for_sure if {
	lib.is_other_key("arn:aws:kms:us-east-1:111122223333:key/mrk-1", _key)
	lib.is_other_key("arn:aws:kms:eu-west-1:444455556666:key/mrk-1", _key)
	lib.is_other_key("arn:aws:kms:eu-west-1:111122223333:key/mrk-2", _key)
	not lib.is_other_key("arn:aws:kms:eu-west-1:111122223333:key/mrk-1", _key)
	not lib.is_other_key("arn:aws:kms:*:111122223333:key/*", _key)
	not lib.is_other_key("*", _key)
}

test_an_account_of_the_policy_itself_proves_nothing if {
	key := object.union(_key, {"account_from": "policy", "id": ""})
	not lib.is_other_key("arn:aws:kms:eu-west-1:444455556666:key/1", key)
}

test_may_be_key if {
	lib.may_be_key("arn:aws:kms:*:*:key/*", _key)
	not lib.may_be_key("arn:aws:kms:us-east-1:111122223333:key/mrk-1", _key)
	not lib.may_be_key("arn:aws:kms:eu-west-1:111122223333:alias/a", _key)
}
