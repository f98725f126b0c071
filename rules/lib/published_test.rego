package keypolicy.lib_test

import data.keypolicy.lib

_publishing := {
	"a": {"published_grant": ["kms:CreateGrant"], "documented": [_page({"actions": ["kms:Decrypt", "kms:Encrypt"]})]},
	"b": {"published_grant": [], "documented": [_page({"limits": ["aws:sourceaccount"], "keys": ["aws:sourceaccount"]})]},
}

_service(name) := {"kind": "service", "text": name}

_granting := object.union(_for_service, {"actions": [{"effective": ["kms:CreateGrant"]}]})

test_is_published_has_no_more_than_a_page if {
	lib.is_published(_for_service, _service("a"), _publishing)
	lib.is_documented(_for_service, _service("a"), _publishing)
	not lib.is_published(_granting, _service("a"), _publishing)
	not lib.is_published(_for_service, _service("b"), _publishing) # its page asks for more
}

test_is_published_grant_and_unlisted if {
	lib.is_published_grant(_granting, _publishing)
	lib.is_published_for(_granting, _service("a"), _publishing)
	not lib.is_published_for(_granting, _service("b"), _publishing)
	not lib.is_unlisted(_service("a"), _publishing)
	not lib.is_unlisted(_service("b"), _publishing)
	lib.is_unlisted(_service("c"), {"c": {"published_grant": [], "documented": []}})
}

test_by_page if {
	lib.by_page(_for_service, [_service("a")], _publishing) == ", as on AWS's page"
	lib.by_page(_for_service, [_service("b")], _publishing) == ""
}
