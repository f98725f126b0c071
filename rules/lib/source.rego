# For whom a service acts: what a statement can ask for, and what the facts say a service does not send.
package keypolicy.lib

# source_advice says how to limit the services of a statement. around is the input: the key and the facts. help is the
# advice, ask is the same as part of another sentence, and condition is the condition to add, or {} if no single condition is
# known to be right for all uses. The advice follows AWS's pages: it requires no source keys for a use in which the service
# sends none, and proposes nothing for a service without known pages.
source_advice(st, services, around) := limits[0] if {
	limits := _limits(st, services, around)
	count(limits) == 1
	not _has_callers(st)
} else := _words(sprintf("in a statement of the service's own, %s", [limits[0].ask])) if {
	limits := _limits(st, services, around)
	count(limits) == 1
} else := _words(sprintf("write a statement for each of the services that differ: %s", [concat("; ", [limit.ask | some limit in limits])])) if {
	limits := _limits(st, services, around)
}

# limited says how to limit a statement's services, and as an edit where one can be made.
limited(finding, st, services, around) := remedied(finding, advice.help) if {
	advice := source_advice(st, services, around)
	advice.condition == {}
}

limited(finding, st, services, around) := added(finding, advice.help, [], {"Condition": advice.condition}) if {
	advice := source_advice(st, services, around)
	advice.condition != {}
}

# Services that are limited in the same way share a sentence.
_limits(st, services, around) := [limit |
	single := [_limit(st, service, around) | some service in services]
	some i, limit in single
	not limit.help in {earlier.help | some earlier in array.slice(single, 0, i)}
]

_has_callers(st) if {
	some p in st.principals
	p.kind != "service"
}

_limit(st, service, around) := _words("keep it if the service only needs to describe the key") if {
	only_looks(st)
} else := _words("write the organization's whole id: a pattern also matches other organizations") if {
	_asks_for_organization(st)
} else := _words(sprintf("keep it: for the use `%s`, `%s` sends neither `aws:SourceAccount` nor `aws:SourceArn`. Use a separate key for it", [use.when, service])) if {
	some use in array.slice(_unsent(st, service, around), 0, 1)
	is_for_topic(st, use)
} else := _words(sprintf("for the use `%s`, `%s` sends neither `aws:SourceAccount` nor `aws:SourceArn`: use a separate key for it. For the service's other uses, require `aws:SourceAccount` in a separate statement", [
	use.when, service,
])) if {
	some use in array.slice(_unsent(st, service, around), 0, 1)
} else := _by_pages(st, service, around)

_words(help) := {"help": help, "ask": help, "condition": {}}

# What is right for one of several uses or services is not text to add.
_adding(condition, ask) := {"help": sprintf("add `%s`%s", [_bare(condition), _after(ask)]), "ask": ask, "condition": condition}

_after(ask) := sprintf(";%s", [split(ask, ";")[1]]) if contains(ask, ";")

_after(ask) := "" if not contains(ask, ";")

# As people write JSON: without the outer braces, and with a space after each colon.
_bare(condition) := regex.replace(trim_suffix(trim_prefix(json.marshal(condition), "{"), "}"), `":`, `": `)

_asks_for_organization(st) if {
	some condition in st.conditions
	lower(condition.key.name) in {"aws:sourceorgid", "aws:sourceorgpaths"}
	not absent_passes(condition)
}

# is_for_topic reports whether a statement is as AWS's page has it for publishing to an encrypted topic. Those for event buses and queues
# have kms:GenerateDataKey without the wildcard, and an ARN or an encryption context says which use it is.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-key-policy.html
is_for_topic(st, use) if {
	contains(use.when, "SNS")
	{lower(action.text) | some action in st.actions} == {"kms:decrypt", "kms:generatedatakey*"}
	not has_key(st, {"aws:sourcearn"})
	every condition in st.conditions {
		not startswith(lower(condition.key.text), "kms:encryptioncontext")
	}
}

# Uses that the statement may be for, with all of their actions.
_unsent(st, service, around) := [use |
	some use in around.facts.services[service].unsupported
	"aws:SourceAccount" in use.keys
	some needing in around.facts.services[service].uses
	needing.name == use.use
	count(lacking(needing, _reached(st))) == 0
]

# lacking are the actions that a use needs and that are not among some.
lacking(use, actions) := [need | some need in use.needs; count({name | some name in need.any} & actions) == 0]

# One way to limit the service is right for everything that the statement may be for.
_by_pages(st, service, around) := ways[0] if {
	ways := _ways(st, service, around)
	count(ways) == 1
} else := _words(sprintf("write a statement for each use, as AWS's pages do: %s", [concat("; ", [_for_use(way) | some way in ways])])) if {
	ways := _ways(st, service, around)
	count(ways) > 1
} else := _words("require `aws:SourceAccount` with your account, where the service's own page says that it sends it")

_for_use(way) := sprintf("for %s, %s", [way.use, way.ask])

_ways(st, service, around) := [way |
	pages := _pages(st, service, around)
	some i, page in pages
	not _kind(page) in {_kind(earlier) | some earlier in array.slice(pages, 0, i)}
	way := object.union({"use": page.use}, _way(st, page, service, around))
]

# The statements of AWS's pages that a statement may be: those with all of its actions, else those with some of them. One for a use
# that cannot be limited is none of these where the use needs more than the statement allows.
_pages(st, service, around) := whole if {
	whole := _with_all(st, service, around)
	count(whole) > 0
} else := [page |
	some page in around.facts.services[service].documented
	count(_reached(st) & {name | some name in page.actions}) > 0
	unsupported := {use.use | some use in around.facts.services[service].unsupported}
	not page.use in (unsupported - {use.use | some use in _unsent(st, service, around)})
]

_with_all(st, service, around) := [page |
	some page in around.facts.services[service].documented
	count(_reached(st)) > 0
	count(_reached(st) - {name | some name in page.actions}) == 0
]

_reached(st) := {name | some action in st.actions; some name in action.effective}

# What a page limits the service by.
_kind(page) := "source" if {
	count({key | some key in page.keys} & source_keys) > 0
} else := contexts[0] if {
	contexts := _contexts(page)
	count(contexts) > 0
} else := "grant" if {
	"kms:grantisforawsresource" in page.keys
} else := "none"

_contexts(page) := sort([key | some key in page.keys; startswith(key, "kms:encryptioncontext:")])

_way(st, page, service, around) := _words("keep it: AWS's page requires no more") if {
	_kind(page) == "grant"
	has_key(st, {"kms:grantisforawsresource"})
} else := _words("write values of your own account in it") if {
	startswith(_kind(page), "kms:encryptioncontext:")
	has_key_text(st, _kind(page))
} else := _adding({"ArnLike": {"kms:EncryptionContext:aws:logs:arn": _logs(service, around)}}, "require `kms:EncryptionContext:aws:logs:arn` with your log groups") if {
	_kind(page) == "kms:encryptioncontext:aws:logs:arn"
	around.key.account != ""
} else := _adding({"StringEquals": {"kms:EncryptionContext:aws:ecs:clusterAccount": around.key.account}}, "require `kms:EncryptionContext:aws:ecs:clusterAccount` with your account") if {
	_kind(page) == "kms:encryptioncontext:aws:ecs:clusteraccount"
	around.key.account != ""
} else := _words(sprintf("require `%s`", [replace(_kind(page), "kms:encryptioncontext:", "kms:EncryptionContext:")])) if {
	startswith(_kind(page), "kms:encryptioncontext:")
} else := _adding({"Bool": {"kms:GrantIsForAWSResource": "true"}}, "require `kms:GrantIsForAWSResource`") if {
	_kind(page) == "grant"
} else := _words("AWS's page requires nothing: give it a key of its own") if {
	_kind(page) == "none"
} else := _adding({"StringEquals": {"aws:SourceAccount": around.key.account}}, _account_of(service, around)) if {
	"aws:sourceaccount" in page.limits
	around.key.account != ""
} else := _words(_account_of(service, around)) if {
	"aws:sourceaccount" in page.limits
} else := _words("require `aws:SourceArn` with the ARN of what the service acts for")

_logs(service, around) := sprintf("arn:%s:logs:%s:%s:*", [around.key.partition, _region_of(service, around), around.key.account])

_region_of(service, around) := region if {
	region := around.facts.services[service].region
	region != ""
} else := "*"

# Who delivers for the accounts of an organization acts for them, and not for the key's account.
_account_of(service, around) := "require `aws:SourceAccount` with your account; where the service delivers for the member accounts of your organization, require `aws:SourceOrgID` instead" if {
	around.facts.services[service].members
} else := "require `aws:SourceAccount` with your account"
