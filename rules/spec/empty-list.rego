# METADATA
# title: Empty list
# description: >-
#   A list that is there and empty looks like a limit and is none: the statement that it would make is left out, and the
#   account's own statement still lets IAM policies decide.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
# custom:
#   severity: warning
#   subject: spec
#   when: [empty_lists]
#   remedy: >-
#     Take the list out, or name someone. So that only those who are named get in, write delegate_to_iam as false and
#     name administrators.
package keypolicy.rules.spec["empty-list"]

import data.keypolicy.lib

findings contains lib.at(f.path, message) if {
	some f in input.spec.fields
	f.form == "lists"
	f.type == "list"
	f.empty
	message := sprintf("`%s` is empty: it names nobody, and keeps nobody out", [f.written])
}
