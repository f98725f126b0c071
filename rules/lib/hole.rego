# What is not known before a run, for rules whose METADATA has `holes: true`: they see it as it is, and not filled in.
package keypolicy.lib

# is_hole reports whether a value of the input, or a part of it, is not known before a run. It has no text: its ref says what it comes from.
is_hole(value) if {
	value.known == false
	value.ref
}

# is_known reports whether a text, a principal, an action, an operator or a condition key is known.
is_known(value) if not is_hole(value)

# shown is a value's text, or how the user has written what is not known of it.
shown(value) := value.written if is_hole(value)

shown(value) := value.text if not is_hole(value)

# known_of are the values of a list that are known.
known_of(values) := [value | some value in values; not is_hole(value)]

# may_be reports whether a value is a text, or may be it.
may_be(value, _) if is_hole(value)

may_be(value, text) if value.text == text

# may_have_more reports whether a list may have more members than are written.
may_have_more(values) if {
	some value in values
	value.open
}

# may_give reports whether a statement allows an action, or may: as far as its effect and actions are known.
may_give(st, action) if {
	may_be(st.effect, "Allow")
	has(st, "Resource")
	may_take(st, action)
}

may_give(st, _) if st.open

# may_take reports whether a statement's Action or NotAction matches an action, or may.
may_take(st, action) if st.takes[action]

may_take(st, _) if {
	some a in array.concat(st.actions, st.not_actions)
	is_hole(a)
}
