# METADATA
# title: Condition key for IAM policies only
# description: >-
#   kms:ResourceAliases and the condition keys for the tags of a KMS key are for IAM policies, which apply to many
#   keys. KMS refuses a key policy that contains one of them.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-resource-aliases
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: Remove the condition, as the policy applies to one key only, or move it to an IAM policy.
package keypolicy.rules.conditions["condition-key-iam-only"]

import data.keypolicy.lib

findings contains lib.at_key(condition.key.path, message) if {
	some condition in input.statement.conditions
	_is_for_iam(condition.key)
	message := sprintf("`%s` works only in IAM policies: KMS refuses a key policy with it", [condition.key.text])
}

_is_for_iam(key) if key.iam_only

_is_for_iam(key) if {
	some prefix in {"aws:resourcetag/", "kms:resourcetag/"}
	startswith(lower(key.text), prefix)
}
