# METADATA
# title: NotResource in a key policy
# description: >-
#   A key policy applies to one key. A statement with NotResource therefore applies to that key or, with NotResource
#   "*", to nothing.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html
# custom:
#   severity: error
#   subject: statement
#   when: [not_elements]
#   remedy: >-
#     Write "Resource": "*", which means this key.
package keypolicy.rules.grammar["not-resource"]

import data.keypolicy.lib

findings contains lib.at_key(element.path, message) if {
	st := input.statement
	some element in st.elements
	element.name == "NotResource"
	not element.empty # another rule says so
	every other in st.elements {
		other.name != "Resource" # both: another rule says so
	}
	message := _message(st)
}

_message(st) := sprintf("statement %s has `NotResource` with `\"*\"`: it applies to no key, and %s nothing", [lib.name(st), lib.does(st)]) if {
	some r in st.not_resources
	r.text == "*"
}

_message(st) := sprintf("statement %s has `NotResource`: a key policy applies to one key, and this excludes other keys only", [lib.name(st)]) if {
	every r in st.not_resources {
		r.text != "*"
	}
}
