# METADATA
# title: Unknown policy element
# description: >-
#   A policy document has the elements Version, Id and Statement. A statement has Sid, Effect, Principal,
#   NotPrincipal, Action, NotAction, Resource, NotResource and Condition. Anything else has no effect.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# custom:
#   severity: error
#   subject: policy
#   when: [faults]
#   remedy: Write the element as the policy grammar spells it.
package keypolicy.rules.grammar["unknown-element"]

import data.keypolicy.lib

findings contains finding if {
	some element in input.policy.elements
	_is_unknown(element)
	message := sprintf("`%s` is not an element of a policy, which are Version, Id and Statement", [element.name])
	finding := _hinted(element, lib.at_key(element.path, message))
}

findings contains finding if {
	some st in input.policy.statements
	some element in st.elements
	_is_unknown(element)
	message := sprintf("a statement has no element `%s`, so it has no effect in statement %s", [element.name, lib.name(st)])
	finding := _hinted(element, lib.at_key(element.path, message))
}

# Another case is reported by another rule.
_is_unknown(element) if lower(element.means) != lower(element.name)

_hinted(element, finding) := finding if element.means == ""

_hinted(element, finding) := lib.meant(finding, element.means) if element.means != ""
