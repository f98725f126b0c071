package keypolicy.lib

# name is how a message names a statement.
name(st) := code(st.sid.text) if st.sid.text != ""

name(st) := sprintf("%d", [st.index]) if st.sid.text == ""

# all_principals are those of Principal and of NotPrincipal.
all_principals(st) := array.concat(st.principals, st.not_principals)

# all_actions are those of Action and of NotAction.
all_actions(st) := array.concat(st.actions, st.not_actions)

# own_principals are those that a rule about statements has to judge: not the ones that a spec's list names, which are
# judged there.
own_principals(st) := [p | some p in all_principals(st); p.list == ""]

# has says whether a statement has an element that is not empty.
has(st, name) if {
	some element in st.elements
	element.name == name
	not element.empty
}

# empty is the path of an element that is there and empty.
empty(st, name) := element.path if {
	some element in st.elements
	element.name == name
	element.empty
}

# does is what a statement's effect is, in a sentence.
does(st) := "denies" if st.effect.text == "Deny"

does(st) := "allows" if st.effect.text != "Deny"
