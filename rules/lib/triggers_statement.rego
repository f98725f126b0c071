# Triggers of statements, and of policies by their statements.
package keypolicy.lib.triggers

import data.keypolicy.lib

_all contains "faults" if {
	some st in _statements
	_is_faulty(st)
}

_is_faulty(st) if {
	some element in st.elements
	element.name != element.means
}

_is_faulty(st) if {
	some element in array.concat(st.elements, st.principal_keys)
	element.empty
}

_is_faulty(st) if not st.effect.text in {"Allow", "Deny"}

_is_faulty(st) if {
	names := {element.name | some element in st.elements}
	some [name, other] in [["Principal", "NotPrincipal"], ["Action", "NotAction"], ["Resource", "NotResource"]]
	count(names & {name, other}) != 1
}

_is_faulty(st) if {
	some key in st.principal_keys
	not key.name in {"AWS", "Service", "Federated"}
}

_all contains "conditions" if {
	some st in _statements
	st.list == ""
	some element in st.elements
	element.name == "Condition"
}

_all contains "denies" if {
	some st in _statements
	lower(st.effect.text) == "deny"
}

_all contains "odd_actions" if {
	some st in _statements
	some action in lib.all_actions(st)
	_is_odd(action)
}

_is_odd(action) if {
	action.text != "*"
	not startswith(lower(action.text), "kms:")
}

_is_odd(action) if count(action.effective) == 0

_all contains "not_elements" if {
	some st in _statements
	some element in st.elements
	element.name in {"NotPrincipal", "NotAction", "NotResource"}
}

_all contains "resources" if {
	some st in _statements
	some resource in st.resources
	resource.text != "*"
}

_all contains "mixed_patterns" if {
	some st in _statements
	some action in st.actions
	action.wildcard
	not action.does.all
	count(action.cryptographic) > 0
	count(action.cryptographic) < count(action.matches)
}

_all contains "mixed_duties" if {
	some st in _statements
	st.effect.text == "Allow"
	count(lib.uses(st)) > 0
	count(lib.administers(st)) > 0
}

_all contains "wide_names" if {
	some st in _statements
	st.effect.text == "Allow"
	count(lib.everything(st)) > 0
	some p in st.principals
	p.kind in {"user", "role", "session", "federated_user", "unique_id", "anyone"}
}

_all contains "use" if {
	some st in _statements
	st.effect.text == "Allow"
	count(lib.uses(st)) > 0
}

_all contains "imports" if {
	some st in _statements
	some action in st.actions
	lower(action.text) == "kms:importkeymaterial"
}

_all contains "replication" if {
	some st in _statements
	st.effect.text == "Allow"
	some action in st.actions
	some name in {"kms:ReplicateKey", "kms:UpdatePrimaryRegion"}
	name in action.matches
	_is_meant(action)
}

_is_meant(action) if not action.wildcard

_is_meant(_) if input.key.multi_region

_all contains "unfit_actions" if {
	input.key.kind != ""
	some st in _statements
	some action in lib.all_actions(st)
	count(action.effective) > 0
	_is_unfit(action)
}

_is_unfit(action) if not action.usable

_is_unfit(action) if {
	origins := action.facts.origins
	not _is_one_of(origins, input.key.origin)
}

_is_unfit(action) if {
	count(action.facts.key_types) > 0
	not input.key.multi_region
}

_is_one_of(list, text) if text in list

_is_one_of(list, _) if count(list) == 0

_all contains "local_actions" if {
	some st in _statements
	some action in lib.all_actions(st)
	action.facts.effective
	action.facts.cross_account == "no"
}

_all contains "edits" if {
	some st in _statements
	lib.gives(st, "kms:PutKeyPolicy")
}

_all contains "outside_edits" if {
	some st in _statements
	lib.gives(st, "kms:PutKeyPolicy")
	some p in st.principals
	_is_outside(p)
}

_is_outside(p) if p.kind == "anyone"

_is_outside(p) if p.relation == "other"
