# METADATA
# title: Condition key without the key that it needs
# description: >-
#   The same private address exists in many VPCs, so aws:VpcSourceIp limits little without aws:SourceVpc or
#   aws:SourceVpce. What an Allow requires, it requires together; of Deny statements, each requires something by
#   itself, and one with both conditions denies only callers that fail both. The ARN of a bucket has no account, and
#   when the bucket is deleted, somebody else can create one with its name, so aws:SourceArn needs aws:SourceAccount.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-vpcsourceip
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcearn
# custom:
#   severity: warning
#   subject: policy
#   when: [conditions]
#   access: [left]
#   remedy: Add a condition on the second key.
package keypolicy.rules.exposure["missing-paired-key"]

import data.keypolicy.lib

findings contains lib.because("vpc-source-ip", lib.remedied(lib.at_key(condition.key.path, message), help)) if {
	some st in input.policy.statements
	lib.takes_effect(st)
	some condition in st.conditions
	lower(condition.key.name) == "aws:vpcsourceip"
	not _in_vpc(st, condition)
	not lib.misspelt_limit(st, {"aws:SourceVpc", "aws:SourceVpce", "aws:SourceVpcArn"})
	help := _help[st.effect.text]
	message := sprintf("`%s` is an address in any VPC: no `aws:SourceVpc` or `aws:SourceVpce` says in which", [condition.key.text])
}

findings contains lib.added(lib.because("source-account", lib.at(value.path, message)), help, st.path, {"Condition": {"StringEquals": {"aws:SourceAccount": _account}}}) if {
	some st in input.policy.statements
	st.effect.text == "Allow"
	lib.takes_effect(st)
	some condition in st.conditions
	lower(condition.key.name) == "aws:sourcearn"
	not lib.absent_passes(condition)
	not lib.has_key(st, {"aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"})
	not lib.misspelt_limit(st, {"aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths"})
	some value in condition.values
	parts := split(value.text, ":")
	count(parts) >= 6
	parts[2] == "s3"
	parts[4] == ""
	not value.variable
	not regex.match(`^[*?]*$`, parts[5])
	message := sprintf("`%s` has no account: whoever has a bucket of that name later gets in", [value.text])
	help := sprintf("add `\"StringEquals\": {\"aws:SourceAccount\": \"%s\"}`", [_account])
}

_help := {
	"Allow": "add a condition on `aws:SourceVpc` or `aws:SourceVpce` to the statement",
	"Deny": "write another Deny, with a condition such as StringNotEquals on `aws:SourceVpc` or `aws:SourceVpce`",
}

_in_vpc(st, _) if {
	st.effect.text == "Allow"
	lib.has_key(st, _vpc)
}

# A Deny of addresses, in whatever VPC they are.
_in_vpc(st, condition) if {
	st.effect.text == "Deny"
	not condition.operator.negated
}

_in_vpc(st, condition) if {
	st.effect.text == "Deny"
	condition.operator.negated
	some other in input.policy.statements
	other.effect.text == "Deny"
	some limit in other.conditions
	limit.operator.negated
	lower(limit.key.name) in _vpc
	not lib.has_key(other, {"aws:vpcsourceip"})
}

_vpc := {"aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn"}

_account := input.key.account if input.key.account != ""

_account := "ACCOUNT" if input.key.account == ""
