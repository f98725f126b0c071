package keypolicy.lib_test

import data.keypolicy.lib

_source(texts) := {"conditions": [_condition("aws:SourceArn", texts, {"family": "Arn"})], "principals": [{"kind": "service"}], "problems": []}

test_unconditional_unless_it_could_not_be_read if {
	lib.is_unconditional({"conditions": [], "problems": []})
	not lib.is_unconditional({"conditions": [1], "problems": []})
	not lib.is_unconditional({"conditions": [], "problems": [{"path": ["Condition"]}]})
}

test_by_stranger_says_how_sure_it_is if {
	lib.by_stranger({"answer": "yes", "witness": "w"}) == {"witness": "w"}
	lib.by_stranger({"answer": "unknown", "undecided": "open"}) == {"severity": "warning"}
	lib.by_stranger({"answer": "unknown", "undecided": "budget"}) == {}
	not lib.by_stranger({"answer": "unknown", "undecided": "not_yet_known"})
	not lib.by_stranger({"answer": "no"})
}

test_has_key_text if {
	lib.has_key_text(_source([]), "aws:sourcearn")
	not lib.has_key_text(_source([]), "aws:sourceaccount")
}

test_sets_of_keys_are_in_small_letters if {
	every key in (lib.caller_keys | lib.source_keys) | lib.wrong_service_keys { key == lower(key) }
}

test_keys_that_say_nothing_of_the_source if {
	wrong := {"conditions": [_condition("aws:Referer", ["x"], {})], "principals": [{"kind": "service"}]}
	lib.has_wrong_service_key(wrong)
	not lib.has_wrong_service_key(object.union(wrong, {"principals": [{"kind": "role"}]}))
	not lib.has_wrong_service_key(_source(["arn:aws:s3:::b"]))
}

test_a_source_of_any_account_is_wide if {
	lib.has_wide_source(_source(["*"]))
	lib.has_wide_source(_source(["arn:aws:logs:eu-west-1:*:*"]))
	not lib.has_wide_source(_source(["arn:aws:logs:eu-west-1:111122223333:*"]))
	condition := _source(["*"]).conditions[0]
	lib.is_wide_source(condition, condition.values[0])
}

test_sources_and_their_accounts_differ if {
	account := _condition("aws:SourceAccount", ["111122223333"], {})
	count(lib.source_conditions({"conditions": [account]}, "aws:sourceaccount")) == 1
	other := _condition("aws:SourceArn", ["arn:aws:logs:eu-west-1:444455556666:*"], {"family": "Arn"})
	lib.source_accounts_differ({"conditions": [account, other]})
	own := _condition("aws:SourceArn", ["arn:aws:logs:eu-west-1:111122223333:*"], {"family": "Arn"})
	not lib.source_accounts_differ({"conditions": [account, own]})
}

test_services_that_use_callers if {
	services := {"rds.amazonaws.com": {"caller": {"name": "RDS"}}, "sns.amazonaws.com": {"caller": {"name": ""}}}
	lib.uses_callers("rds.amazonaws.com", services)
	not lib.uses_callers("sns.amazonaws.com", services)
}

test_statements_that_only_look if {
	look := {"not_actions": [], "actions": [{"cryptographic": [], "administrative": []}]}
	lib.only_looks(look)
	not lib.only_looks(object.union(look, {"not_actions": [1]}))
	not lib.only_looks(object.union(look, {"actions": [{"cryptographic": ["kms:Decrypt"], "administrative": []}]}))
	not lib.only_looks(object.union(look, {"actions": [{"cryptographic": [], "administrative": ["kms:PutKeyPolicy"]}]}))
}

test_by_outsider_is_by_stranger if {
	lib.by_outsider({"answer": "yes", "witness": "w"}) == {"witness": "w"}
}

test_administration_of_a_service if {
	lib.administration({"administrative": ["kms:CreateGrant", "kms:PutKeyPolicy", "kms:RevokeGrant"]}) == ["kms:PutKeyPolicy"]
	st := {"actions": [{"text": "a", "administrative": ["kms:PutKeyPolicy"]}, {"text": "b", "administrative": []}]}
	[action.text | some action in lib.administering(st, [{"left": {}}])] == ["a"]
	lib.administering(st, [{"left": {"denied": ["kms:PutKeyPolicy"]}}]) == []
	lib.administering(st, []) == []
}

test_services_that_act_for_anyone if {
	service := {"kind": "service", "text": "sns.amazonaws.com"}
	operator := {"if_exists": false, "negated": false, "set": "", "base": "StringEquals"}
	asked := {"operator": operator, "key": {"name": "aws:SourceAccount", "text": "aws:SourceAccount"}, "values": []}
	st := {"principals": [service], "conditions": [], "access": {"confused_deputy": [{"service": "sns.amazonaws.com"}]}}
	lib.acts_for_anyone(st, service)
	not lib.acts_for_anyone(st, {"kind": "service", "text": "sqs.amazonaws.com"})
	not lib.acts_for_anyone(object.union(st, {"conditions": [asked]}), service)
	lib.acts_for_anyone(object.union(st, {"conditions": [object.union(asked, {"operator": {"if_exists": true}})]}), service)
	context := object.union(asked, {"key": {"name": "kms:EncryptionContext:app", "text": "kms:EncryptionContext:app"}})
	not lib.acts_for_anyone(object.union(st, {"conditions": [context]}), service)
}
