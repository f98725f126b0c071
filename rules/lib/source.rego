# For whom a service acts: what a statement can ask for, and what the facts say a service does not send.
package keypolicy.lib

# source_help says by what to limit some services. around is the input: the key and the facts. A service with a use in which it
# sends no source keys gets no advice to ask for them there, and one that AWS's pages limit by its encryption context gets that.
source_help(services, around) := sprintf(
	"for %s, `%s` sends none of these keys: give what is encrypted there a key of its own. For its other uses, ask for `aws:SourceAccount` in a statement of their own",
	[use.when, service],
) if {
	[service, use] := _unsent(services, around)[0]
}

source_help(services, around) := sprintf("ask for `%s`", [key]) if {
	count(_unsent(services, around)) == 0
	key := _limiting_contexts(services, around)[0]
}

source_help(services, around) := sprintf("write `\"StringEquals\": {\"aws:SourceAccount\": \"%s\"}`", [_own(around.key)]) if {
	count(_unsent(services, around)) == 0
	count(_limiting_contexts(services, around)) == 0
}

_unsent(services, around) := [[service, use] |
	some service in services
	some use in around.facts.services[service].unsupported
	"aws:SourceAccount" in use.keys
]

_limiting_contexts(services, around) := [replace(key, "kms:encryptioncontext:", "kms:EncryptionContext:") |
	some service in services
	some documented in around.facts.services[service].documented
	count({k | some k in documented.keys} & source_keys) == 0
	some key in documented.keys
	startswith(key, "kms:encryptioncontext:")
]

_own(key) := key.account if key.account != ""

_own(key) := "ACCOUNT" if key.account == ""
