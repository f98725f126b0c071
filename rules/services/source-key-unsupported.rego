# METADATA
# title: Source condition that the service does not support
# description: >-
#   For some uses a service does not send aws:SourceAccount and aws:SourceArn, such as an EventBridge rule that
#   publishes to an encrypted SNS topic. A statement that requires these keys does not allow that use, although it
#   allows other uses of the service. If the policy also names another service that uses keys only to publish to
#   SNS, the key is taken to be for such a topic.
# related_resources:
#   - ref: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
#   - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
# custom:
#   severity: info
#   subject: statement
#   when: [services and conditions]
#   access: [left]
#   remedy: If the key is for that use, give the service a statement of its own without these conditions.
package keypolicy.rules.services["source-key-unsupported"]

import data.keypolicy.lib

findings contains object.union(lib.at_key(condition.key.path, message), {"severity": severity}) if {
	st := input.statement
	st.effect.text == "Allow"
	lib.takes_effect(st)
	not lib.only_looks(st) # no use of the data
	some p in st.principals
	p.kind == "service"
	some use in input.facts.services[p.text].unsupported
	some condition in array.slice([c | some c in st.conditions; c.key.name in use.keys; not lib.absent_passes(c)], 0, 1)
	_may_be_use(st, use)
	severity := _severity(st, p, use)
	message := sprintf("`%s` is not supported for one use of `%s` (%s): the statement does not allow it", [condition.key.text, p.text, use.when])
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
