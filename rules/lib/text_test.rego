package keypolicy.lib_test

import data.keypolicy.lib

test_several_counts if {
	lib.several(["a"]) == "`a`"
	lib.several(["a", "b"]) == "`a` and `b`"
	lib.several(["a", "b", "c", "d"]) == "`a`, `b`, `c` and `d`"
	lib.several(["a", "b", "c", "d", "e"]) == "`a`, `b`, `c` and 2 more"
}

test_every_one_counts_none if {
	lib.every_one(["a"]) == "`a`"
	lib.every_one(["a", "b", "c", "d", "e"]) == "`a`, `b`, `c`, `d` and `e`"
}

test_several_or if lib.several_or(["a", "b"]) == "`a` or `b`"

test_code if lib.code("kms:*") == "`kms:*`"

test_refused_names_the_answer if contains(lib.refused, "MalformedPolicyDocumentException")

test_account_ids if {
	lib.is_account_id("111122223333")
	not lib.is_account_id("11112222333")
	not lib.is_account_id("1111222233334")
	not lib.is_account_id("11112222333a")
}

test_placeholders if {
	every text in ["$(name)", "${NAME}", "<NAME>", "{{name}}"] { lib.has_placeholder(text) }
	not lib.has_placeholder("name")
}

test_entries_in_one_text_are_separated if {
	lib.separate("kms:Decrypt, kms:Encrypt", `^kms:[A-Za-z]+$`) == "write each as an entry of its own: `kms:Decrypt`, `kms:Encrypt`"
	lib.separate(" 111122223333;444455556666 1 ", `^[0-9]+$`) == "write each as an entry of its own: `111122223333`, `444455556666`, `1`"
	lib.separate("app role/web", `^[a-z/]+$`) == "write each as an entry of its own: `app`, `web`"
	not lib.separate("kms:Decrypt", `^kms:[A-Za-z]+$`)
	not lib.separate("kms:Decrypt, x", `^kms:[A-Za-z]+$`)
	not lib.separate("", `^kms:[A-Za-z]+$`)
}
