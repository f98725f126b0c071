package keypolicy.lib_test

import data.keypolicy.lib

_condition_for(key, values) := {
	"key": {"text": key, "name": key},
	"operator": {"base": "StringLike", "if_exists": false, "negated": false, "wildcards": true, "set": ""},
	"values": [{"text": text} | some text in values],
}

_with_conditions(conditions) := {"conditions": conditions}

_cluster := "kms:EncryptionContext:aws:ecs:clusterAccount"

test_names_for_whom_by_source_keys if {
	lib.names_for_whom(_with_conditions([_condition_for("aws:SourceAccount", ["111122223333"])]))
	lib.names_for_whom(_with_conditions([_condition_for("aws:SourceArn", ["arn:aws:sns:eu-central-1:111122223333:a"])]))
	not lib.names_for_whom(_with_conditions([_condition_for("aws:SourceArn", ["arn:aws:s3:::bucket"])]))
	not lib.names_for_whom(_with_conditions([_condition_for("aws:SourceAccount", ["*"])]))
	not lib.names_for_whom(_with_conditions([]))
}

test_names_accounts_by_the_encryption_context if {
	lib.names_accounts(_with_conditions([_condition_for(_cluster, ["111122223333"])]))
	not lib.names_accounts(_with_conditions([_condition_for(_cluster, ["111122223333", "*"])]))
	not lib.names_accounts(_with_conditions([_condition_for("kms:EncryptionContext:a", ["111122223333"])]))
	lib.accounts_in(_condition_for(_cluster, ["444455556666", "arn:aws:x:y:111122223333:z", "*"])) == ["111122223333", "444455556666"]
}

test_has_context_and_an_open_one if {
	lib.has_context(_with_conditions([_condition_for("kms:EncryptionContext:a", ["b"])]))
	not lib.has_context(_with_conditions([_condition_for("kms:ViaService", ["b"])]))
	lib.has_open_context(_with_conditions([_condition_for(_cluster, ["*"])]))
	not lib.has_open_context(_with_conditions([_condition_for(_cluster, ["1*"])]))
	lib.is_context_of_someone("payments")
	lib.is_context_of_someone("arn:aws:x:y:111122223333:z")
	not lib.is_context_of_someone("arn:aws:x:y:*:z")
	not lib.is_context_of_someone("*")
}

test_why_for_anyone if {
	lib.why_for_anyone(_with_conditions([])) == "no condition says for whom"
	lib.why_for_anyone(_with_conditions([_condition_for(_cluster, ["*"])])) == "only the encryption context says for whom"
	lib.why_for_anyone(_with_conditions([_condition_for("aws:SourceAccount", ["*"])])) == "its condition matches every account"
}

test_whose_accounts if {
	lib.whose_accounts(_condition_for(_cluster, ["444455556666"]), "111122223333") == ": to account 444455556666, which is not the key's"
	lib.whose_accounts(_condition_for(_cluster, ["111122223333"]), "111122223333") == ": to the key's own account"
	lib.whose_accounts(_condition_for(_cluster, ["*"]), "111122223333") == ""
}

test_the_account_in_a_value if {
	lib.account_in("111122223333") == "111122223333"
	lib.account_in("arn:aws:sns:us-east-1:111122223333:alarms") == "111122223333"
	not lib.account_in("arn:aws:s3:::bucket")
	not lib.account_in("111122223333:alarms")
}
