# METADATA
# title: Misspelled element name
# description: >-
#   Whether KMS accepts an element in other case is not documented, and other tools that read policies may ignore
#   it. If two elements differ only in case, one of them is ignored.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
# custom:
#   severity: warning
#   subject: policy
#   when: [faults]
#   remedy: Write the element as the policy grammar spells it.
package keypolicy.rules.grammar["element-name-case"]

import data.keypolicy.lib

findings contains _finding(element) if {
	some element in input.policy.elements
	_is_miscased(element)
}

findings contains _finding(element) if {
	some st in input.policy.statements
	some element in st.elements
	_is_miscased(element)
}

_is_miscased(element) if {
	element.means != element.name
	lower(element.means) == lower(element.name)
}

_finding(element) := lib.written(lib.at_key(element.path, message), element.means) if {
	message := sprintf("the element is named `%s`, and `%s` may be ignored", [element.means, element.name])
}
