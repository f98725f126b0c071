# METADATA
# title: Condition key without the key that it needs
# description: >-
#   The same private address exists in many VPCs, so aws:VpcSourceIp limits little without aws:SourceVpc or
#   aws:SourceVpce. The ARN of a bucket has no account, and when the bucket is deleted, somebody else can create one
#   with its name, so aws:SourceArn needs aws:SourceAccount.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-vpcsourceip
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcearn
# custom:
#   severity: warning
#   subject: statement
#   when: [conditions]
#   access: [left]
#   remedy: Add the second key to the same operator or statement.
package keypolicy.rules.exposure["missing-paired-key"]

import data.keypolicy.lib

findings contains lib.because("vpc-source-ip", lib.at_key(condition.key.path, message)) if {
	lib.takes_effect(input.statement)
	some condition in input.statement.conditions
	lower(condition.key.name) == "aws:vpcsourceip"
	not lib.has_key(input.statement, {"aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn"})
	not lib.misspelt_limit(input.statement, {"aws:SourceVpc", "aws:SourceVpce", "aws:SourceVpcArn"})
	message := sprintf("`%s` is an address in any VPC: no `aws:SourceVpc` or `aws:SourceVpce` says in which", [condition.key.text])
}

findings contains lib.added(lib.because("source-account", lib.at(value.path, message)), help, [], {"Condition": {"StringEquals": {"aws:SourceAccount": _account}}}) if {
	input.statement.effect.text == "Allow"
	lib.takes_effect(input.statement)
	some condition in input.statement.conditions
	lower(condition.key.name) == "aws:sourcearn"
	not lib.absent_passes(condition)
	not lib.has_key(input.statement, {"aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"})
	not lib.misspelt_limit(input.statement, {"aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths"})
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

_account := input.key.account if input.key.account != ""

_account := "ACCOUNT" if input.key.account == ""
