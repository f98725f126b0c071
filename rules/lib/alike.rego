# Which statements say the same.
package keypolicy.lib

# duplicates are the pairs of statements, by index, of which the second says what the first says, whatever their Sids.
duplicates(statements) := {[earlier, later] |
	candidates := _of_one_shape(statements)
	count(candidates) > 1
	sorted := sort([[said(statements[i]), i] | some i in candidates])
	some n, b in sorted
	a := sorted[n - 1]
	a[0] == b[0]
	earlier := a[1]
	later := b[1]
}

# Only statements that have as many of everything as another one are compared in full.
_of_one_shape(statements) := {i |
	count(statements) > 1
	sorted := sort([[_shape(st), st.index] | some st in statements])
	some n, b in sorted
	a := sorted[n - 1]
	a[0] == b[0]
	some i in {a[1], b[1]}
}

_shape(st) := [
	st.effect.text, count(st.elements), count(st.principals), count(st.not_principals), count(st.actions), count(st.not_actions),
	count(st.resources), count(st.conditions),
]

# said is a text that is equal for statements that say the same.
said(st) := json.marshal([names_of(st), actions_of(st), rest_of(st)])

# names_of is the part of said that is about principals.
names_of(st) := [{[p.element, p.same] | some p in st.principals}, {[p.element, p.same] | some p in st.not_principals}]

# actions_of is the part of said that is about actions.
actions_of(st) := [{lower(a.text) | some a in st.actions}, {lower(a.text) | some a in st.not_actions}]

# rest_of is the part of said that is about everything else but the Sid. What is in an element of a wrong form is not read, so a
# statement that has one is like no other.
rest_of(st) := [
	st.effect.text, {r.text | some r in st.resources}, {r.text | some r in st.not_resources},
	{[c.operator.text, lower(c.key.text), {v.text | some v in c.values}] | some c in st.conditions},
	{e.name | some e in st.elements; e.name != "Sid"}, {st.index | some _ in st.problems},
]

# delegating are the statements that let IAM policies of the key's account, or of one that may be it, give use of the key.
delegating(statements) := [st | some st in statements; delegates(st)]

# delegates reports whether one statement is one of these.
delegates(st) if {
	has_everything(st)
	count(st.conditions) == 0
	own_account(st)
	gives(st, "kms:Decrypt")
}

# action_element is the path of a statement's Action or NotAction, and of the statement where it has neither.
action_element(st) := array.concat(st.path, ["Action"]) if has(st, "Action")

action_element(st) := array.concat(st.path, ["NotAction"]) if {
	not has(st, "Action")
	has(st, "NotAction")
}

action_element(st) := st.path if {
	not has(st, "Action")
	not has(st, "NotAction")
}
