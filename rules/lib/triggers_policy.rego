# Triggers of a policy as a whole.
package keypolicy.lib.triggers

import data.keypolicy.lib

_all contains "faults" if {
	some element in input.policy.elements
	element.name != element.means
}

_all contains "faults" if {
	some element in input.policy.elements
	element.empty
}

_all contains "faults" if count(input.policy.statements) == 0

_all contains "faults" if {
	input.policy.statements
	input.policy.version.text != "2012-10-17"
}

_all contains "uses" if count(input.policy.used_by) > 0

_all contains "holes" if {
	input.policy.statements
	walk(input.policy, [_, value])
	lib.is_hole(value)
}

_all contains "holes" if {
	walk(input.policy, [_, value])
	value.open
}

_all contains "expectations" if count(input.policy.expect) > 0

_all contains "both_duties" if {
	some same in _administrators
	same in _users
}

_users contains p.same if {
	some st in input.policy.statements
	st.effect.text == "Allow"
	count(lib.everything(st)) == 0
	count(lib.uses(st)) > 0
	some p in lib.named(st)
}

_administrators contains p.same if {
	some st in input.policy.statements
	lib.gives(st, "kms:PutKeyPolicy")
	count(lib.everything(st)) == 0
	count(lib.uses(st)) == 0
	some p in lib.named(st)
}

_all contains "open_grants" if {
	editors := lib.editors(input.policy.statements)
	some st in input.policy.statements
	lib.gives(st, "kms:CreateGrant")
	not lib.for_aws_resources(st)
	some p in st.principals
	_is_open(p, editors)
}

_is_open(p, _) if p.kind == "anyone"

_is_open(p, _) if p.relation in {"other", "trusted"}

_is_open(p, editors) if not p.same in editors

_all contains "repeated_statements" if {
	statements := input.policy.statements
	count({_says_to_whom(st) | some st in statements}) < count(statements)
}

_says_to_whom(st) := [st.effect.text, {lower(a.text) | some a in st.actions}, {[p.element, p.same] | some p in st.principals}]

_all contains "repeated_sids" if {
	sids := [st.sid.text | some st in input.policy.statements; st.sid.text != ""]
	count({sid | some sid in sids}) < count(sids)
}

_all contains "variables" if count(input.policy.variables) > 0

_all contains "large" if input.policy.size * 100 > input.policy.size_limit * 80

_all contains "characters" if count(object.get(input, ["policy", "characters"], [])) > 0

_all contains "placeholders" if count(object.get(input, ["policy", "placeholders"], [])) > 0
