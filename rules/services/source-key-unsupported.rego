# METADATA
# title: Source condition that the service does not support
# description: >-
#   For some uses a service does not send aws:SourceAccount and aws:SourceArn, such as an EventBridge rule that
#   publishes to an encrypted SNS topic. A statement that requires these keys does not allow that use, although it
#   allows other uses of the service; it is fine where another statement allows that use. If the policy also names
#   another service that uses keys only to publish to SNS, the key is taken to be for such a topic.
# related_resources:
#   - ref: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
#   - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
# custom:
#   severity: info
#   subject: policy
#   when: [services and conditions]
#   access: [left]
#   remedy: If the key is for that use, give the service a statement of its own without these conditions.
package keypolicy.rules.services["source-key-unsupported"]

import data.keypolicy.lib

findings contains object.union(lib.remedied(lib.at_key(condition.key.path, message), help), {"severity": severity}) if {
	some st in input.policy.statements
	st.effect.text == "Allow"
	lib.takes_effect(st)
	not lib.only_looks(st) # no use of the data
	some p in st.principals
	p.kind == "service"
	some use in input.facts.services[p.text].unsupported
	some condition in array.slice([c | some c in st.conditions; c.key.name in use.keys; not lib.absent_passes(c)], 0, 1)
	_may_be_use(st, use)
	not _allowed_elsewhere(p.text, use)
	severity := _severity(st, p, use)
	help := sprintf("if the key is for that use, give the service a statement of its own without these conditions%s", [_exempted(_denying(use.keys), p.text)])
	message := sprintf("`%s` is not supported for one use of `%s` (%s): the statement does not allow it", [condition.key.text, p.text, use.when])
}

_exempted([], _) := ""

_exempted(denying, service) := sprintf(", and exempt it from %s with StringNotEquals on `aws:PrincipalServiceName`: `%s`", [concat(" and ", denying), service]) if count(denying) > 0

# Other statements allow what the use needs, without the keys that the service does not send, and no Deny asks for them.
_allowed_elsewhere(service, use) if {
	count(_denying(use.keys)) == 0
	some needing in input.facts.services[service].uses
	needing.name == use.use
	count(lib.lacking(needing, _given(service, use.keys))) == 0
}

# The Deny statements that meet requests without the keys, and exempt no service by its name.
_denying(keys) := [lib.name(st) |
	some st in input.policy.statements
	st.effect.text == "Deny"
	not lib.has_key(st, {"aws:principalservicename", "aws:principalservicenameslist"})
	_asks(st, keys)
]

_asks(st, keys) if {
	some condition in st.conditions
	condition.key.name in keys
	lib.absent_passes(condition)
}

_given(service, keys) := {name |
	some st in input.policy.statements
	st.effect.text == "Allow"
	lib.takes_effect(st)
	_names(st, service)
	not _requires(st, keys)
	some action in st.actions
	some name in action.effective
}

_names(st, service) if {
	some p in st.principals
	p.kind == "service"
	p.text == service
}

_requires(st, keys) if {
	some condition in st.conditions
	condition.key.name in keys
	not lib.absent_passes(condition)
}

# A condition on the encryption context says which use it is.
_may_be_use(st, _) if not _has_context(st)

_may_be_use(st, use) if _is_of_topic(st, use)

_has_context(st) if {
	some condition in st.conditions
	startswith(lower(condition.key.text), "kms:encryptioncontext")
}

_is_of_topic(st, use) if {
	contains(use.when, "SNS")
	lib.has_key_text(st, "kms:encryptioncontext:aws:sns:topicarn")
}

_is_of_topic(st, use) if {
	contains(use.when, "SNS")
	some condition in lib.limits(st, {"kms:ViaService"})
	some value in condition.values
	value.via.service == "sns"
}

_severity(st, p, use) := "warning" if _is_sure(st, p, use)

_severity(st, p, use) := "info" if not _is_sure(st, p, use)

_is_sure(st, p, _) if _publishes_beside(st, p)

_is_sure(st, _, use) if lib.is_for_topic(st, use)

_is_sure(st, _, use) if _is_of_topic(st, use)

# Another service of the statement has no use of a key but what it publishes to SNS.
_publishes_beside(st, p) if {
	some other in st.principals
	other.kind == "service"
	other.text != p.text
	documented := input.facts.services[other.text].documented
	count(documented) > 0
	every use in documented { contains(use.use, "SNS") }
}
