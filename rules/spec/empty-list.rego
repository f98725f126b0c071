# METADATA
# title: Empty list
# description: >-
#   An empty list looks like a limit but is not. The statement that the list would make is left out, and the account
#   statement still lets IAM policies decide.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
# custom:
#   severity: warning
#   subject: spec
#   when: [empty_lists]
#   remedy: Remove the list, or name someone.
package keypolicy.rules.spec["empty-list"]

import data.keypolicy.lib

findings contains lib.at(f.path, message) if {
	some f in input.spec.fields
	f.form == "lists"
	f.type == "list"
	f.empty
	message := sprintf("`%s` is empty: it names nobody, and keeps nobody out", [f.written])
}
