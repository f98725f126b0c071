package keypolicy.lib_test

import data.keypolicy.lib

_around(unsupported, documented) := {"key": {"account": "111122223333"}, "facts": {"services": {"a": {
	"unsupported": unsupported,
	"documented": documented,
}}}}

test_source_help_asks_for_the_account if {
	contains(lib.source_help(["a"], _around([], [])), "111122223333")
}

test_source_help_asks_for_no_key_that_is_not_sent if {
	help := lib.source_help(["a"], _around([{"when": "a topic", "keys": ["aws:SourceAccount"]}], []))
	startswith(help, "for a topic, `a` sends none")
}

test_source_help_asks_for_the_context_of_the_pages if {
	help := lib.source_help(["a"], _around([], [{"keys": ["kms:encryptioncontext:aws:x:arn"]}]))
	help == "ask for `kms:EncryptionContext:aws:x:arn`"
}
