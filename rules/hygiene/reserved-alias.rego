# METADATA
# title: Alias with a reserved prefix
# description: >-
#   Aliases that begin with alias/aws/ belong to AWS managed keys. Only AWS can create one, and the policy of such a
#   key cannot be changed, because PutKeyPolicy refuses it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/alias-about.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk
# custom:
#   aliases: [name-convention]
#   severity: info
#   subject: spec
#   enabled: false
#   remedy: Name an alias of a key of your own.
package keypolicy.rules.hygiene["reserved-alias"]

import data.keypolicy.lib

findings contains lib.at(field.path, message) if {
	startswith(input.key.alias, "alias/aws/")
	some field in input.spec.fields
	field.name == "key"
	message := sprintf("`%s` is an alias of AWS's own: that key's policy cannot be changed", [input.key.alias])
}
