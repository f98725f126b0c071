package keypolicy.lib_test

import data.keypolicy.lib

_own_account := "111122223333"

_around(facts) := {"key": {"account": _own_account, "partition": "aws", "region": ""}, "facts": {"services": {"a": object.union(
	{"unsupported": [], "documented": [], "uses": [], "region": "", "members": false},
	facts,
)}}}

_for_service := {
	"principals": [{"kind": "service", "text": "a"}],
	"conditions": [],
	"not_actions": [],
	"actions": [{"effective": ["kms:Decrypt"], "cryptographic": ["kms:Decrypt"], "administrative": []}],
}

_page(fields) := object.union({"use": "a use", "actions": ["kms:Decrypt"], "keys": [], "limits": [], "sources": []}, fields)

_advice(facts) := lib.source_advice(_for_service, ["a"], _around(facts))

test_source_advice_asks_for_the_account_that_a_page_asks_for if {
	advice := _advice({"documented": [_page({"keys": ["aws:sourceaccount"], "limits": ["aws:sourceaccount"]})]})
	advice.help == "add `\"StringEquals\": {\"aws:SourceAccount\": \"111122223333\"}`"
	advice.condition == {"StringEquals": {"aws:SourceAccount": _own_account}}
}

test_source_advice_guesses_nothing_of_an_unknown_service if {
	_advice({}).condition == {}
	contains(_advice({}).help, "where the service's own page says")
}

test_source_advice_asks_for_no_key_that_is_not_sent if {
	advice := _advice({"unsupported": [_topic], "uses": [_needing(["kms:Decrypt"])]})
	startswith(advice.help, "for the use `a topic`, `a` sends neither")
	advice.condition == {}
}

test_source_advice_is_not_for_a_use_that_the_statement_does_not_allow if {
	page := _page({"keys": ["aws:sourceaccount"], "limits": ["aws:sourceaccount"]})
	around := {"documented": [page], "unsupported": [_topic], "uses": [_needing(["kms:Decrypt", "kms:GenerateDataKey"])]}
	_advice(around).condition == {"StringEquals": {"aws:SourceAccount": _own_account}}
}

test_source_advice_is_not_for_a_page_of_such_a_use if {
	more := object.union(_for_service, {"actions": [{"effective": ["kms:Decrypt", "kms:Encrypt"]}]})
	advice := lib.source_advice(more, ["a"], _around({
		"documented": [
			_page({"keys": ["aws:sourceaccount"], "limits": ["aws:sourceaccount"]}),
			_page({"use": "another", "actions": ["kms:Decrypt", "kms:GenerateDataKey"], "keys": []}),
		],
		"unsupported": [object.union(_topic, {"use": "another"})],
		"uses": [object.union(_needing(["kms:Decrypt", "kms:GenerateDataKey"]), {"name": "another"})],
	}))
	advice.condition == {"StringEquals": {"aws:SourceAccount": _own_account}}
}

_topic := {"when": "a topic", "keys": ["aws:SourceAccount"], "use": "topics"}

_needing(actions) := {"name": "topics", "known": true, "needs": [{"any": [action]} | some action in actions]}

test_lacking_are_actions_that_a_use_needs if {
	lib.lacking(_needing(["kms:Decrypt", "kms:Encrypt"]), {"kms:Decrypt"}) == [{"any": ["kms:Encrypt"]}]
	lib.lacking(_needing(["kms:Decrypt"]), {"kms:Decrypt", "kms:Sign"}) == []
}

test_source_advice_asks_for_the_context_of_a_page if {
	_advice({"documented": [_page({"keys": ["kms:encryptioncontext:aws:x:arn"]})]}).help == "require `kms:EncryptionContext:aws:x:arn`"
}

test_source_advice_keeps_uses_apart if {
	advice := _advice({"documented": [
		_page({"keys": ["kms:encryptioncontext:aws:x:arn"]}),
		_page({"use": "another", "keys": ["aws:sourcearn"], "limits": ["aws:sourcearn"]}),
	]})
	startswith(advice.help, "write a statement for each use")
	advice.condition == {}
}

test_source_advice_adds_nothing_to_a_statement_for_callers if {
	st := object.union(_for_service, {"principals": [{"kind": "service", "text": "a"}, {"kind": "role", "text": "r"}]})
	page := _page({"keys": ["aws:sourceaccount"], "limits": ["aws:sourceaccount"]})
	lib.source_advice(st, ["a"], _around({"documented": [page]})).condition == {}
}

test_limited_edits_what_is_known if {
	page := _page({"keys": ["aws:sourceaccount"], "limits": ["aws:sourceaccount"]})
	limited := lib.limited(lib.at([], "m"), _for_service, ["a"], _around({"documented": [page]}))
	limited.edits == [{"path": [], "add": {"Condition": {"StringEquals": {"aws:SourceAccount": _own_account}}}}]
	not lib.limited(lib.at([], "m"), _for_service, ["a"], _around({})).edits
}

test_a_statement_for_a_topic_has_the_actions_of_its_page if {
	use := {"when": "an encrypted SNS topic"}
	st := {"actions": [{"text": "kms:Decrypt"}, {"text": "kms:GenerateDataKey*"}], "conditions": []}
	lib.is_for_topic(st, use)
	not lib.is_for_topic(st, {"when": "an event bus"})
	not lib.is_for_topic(object.union(st, {"actions": [{"text": "kms:Decrypt"}]}), use)
	context := {"key": {"text": "kms:EncryptionContext:a", "name": "kms:EncryptionContext:a"}}
	not lib.is_for_topic(object.union(st, {"conditions": [context]}), use)
}
