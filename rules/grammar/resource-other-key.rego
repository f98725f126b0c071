# METADATA
# title: Resource is another key
# description: >-
#   A statement of a key policy applies to the key that the policy is attached to. If its Resource names another
#   key, Region or account, as in copied policies, it matches nothing, so an Allow allows nothing and a Deny denies
#   nothing.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# custom:
#   severity: error
#   subject: statement
#   when: [resources]
#   remedy: >-
#     Write "Resource": "*", which means this key.
package keypolicy.rules.grammar["resource-other-key"]

import data.keypolicy.lib

findings contains lib.at(r.path, message) if {
	st := input.statement
	not lib.lacks(st.elements, {"Principal", "NotPrincipal"}) # an IAM policy: another rule says so
	every resource in st.resources {
		resource.text != "*"
	}
	some r in st.resources
	lib.is_other_key(r.text, input.key)
	message := sprintf("`%s` is not the key that this policy is for: the statement %s nothing", [r.text, lib.does(st)])
}
