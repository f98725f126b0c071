# METADATA
# title: Resource is neither "*" nor an ARN
# description: >-
#   A Resource is "*" or an ARN. A key id or an alias by itself is neither, and matches nothing.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id
# custom:
#   severity: error
#   subject: statement
#   when: [resources]
#   remedy: >-
#     Write "Resource": "*", which means this key.
package keypolicy.rules.grammar["resource-key-id-form"]

import data.keypolicy.lib

findings contains lib.at(r.path, message) if {
	st := input.statement
	not lib.lacks(st.elements, {"Principal", "NotPrincipal"}) # an IAM policy: another rule says so
	every resource in st.resources {
		resource.text != "*"
	}
	some r in array.concat(st.resources, st.not_resources)
	r.text != "*"
	not _is_empty_field(r) # another rule says so
	not startswith(r.text, "arn:")
	not regex.match(`[*?]`, r.text) # a pattern may be of an ARN
	not lib.has_placeholder(r.text)
	message := sprintf("the Resource `%s` of statement %s is neither `\"*\"` nor an ARN: the statement %s nothing", [r.text, lib.name(st), lib.does(st)])
}

_is_empty_field(r) if {
	r.text == ""
	is_string(r.path[count(r.path) - 1])
}
