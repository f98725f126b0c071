# METADATA
# title: A source key is supported in every use of the service
# description: >-
#   AWS names uses in which a service does not send aws:SourceAccount and aws:SourceArn, as an EventBridge rule that publishes
#   to an encrypted SNS topic. A statement that asks for them denies that use, and allows the service's other uses. Where
#   another service stands beside it that calls KMS only to publish to SNS, the key is for such a topic.
# related_resources:
#   - ref: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
#   - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
# custom:
#   severity: info
#   subject: statement
#   when: [services and conditions]
#   access: [left]
#   remedy: Where the key is for that use, give the service a statement of its own without these conditions.
package keypolicy.rules.services["source-key-unsupported"]

import data.keypolicy.lib

findings contains object.union(lib.at_key(condition.key.path, message), {"severity": severity}) if {
	st := input.statement
	st.effect.text == "Allow"
	lib.takes_effect(st)
	some p in st.principals
	p.kind == "service"
	some use in input.facts.services[p.text].unsupported
	some condition in array.slice([c | some c in st.conditions; c.key.name in use.keys; not lib.absent_passes(c)], 0, 1)
	not _has_context(st)
	severity := _severity(st, p)
	message := sprintf("`%s` is not supported for one use of `%s` (%s): the statement does not allow it", [condition.key.text, p.text, use.when])
}

_has_context(st) if {
	some condition in st.conditions
	startswith(lower(condition.key.text), "kms:encryptioncontext")
}

_severity(st, p) := "warning" if _publishes_beside(st, p)

_severity(st, p) := "info" if not _publishes_beside(st, p)

# Another service of the statement has no use of a key but what it publishes to SNS.
_publishes_beside(st, p) if {
	some other in st.principals
	other.kind == "service"
	other.text != p.text
	documented := input.facts.services[other.text].documented
	count(documented) > 0
	every use in documented { contains(use.use, "SNS") }
}
