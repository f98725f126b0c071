# METADATA
# title: Deprecated condition key name
# description: >-
#   KMS has renamed some condition keys. The old names still work.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
# custom:
#   severity: info
#   subject: statement
#   when: [conditions]
#   enabled: false
#   remedy: Use the current name.
package keypolicy.rules.actions["deprecated-name"]

import data.keypolicy.lib

findings contains lib.written(lib.at_key(condition.key.path, message), condition.key.replaced_by) if {
	some condition in input.statement.conditions
	condition.key.replaced_by != ""
	message := sprintf("`%s` is an old name of `%s`", [condition.key.text, condition.key.replaced_by])
}
