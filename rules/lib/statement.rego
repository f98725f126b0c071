package keypolicy.lib

# name is how a message names a statement.
name(st) := code(st.sid.text) if st.sid.text != ""

name(st) := st.label if st.sid.text == ""

name(st) := code(shown(st.sid)) if is_hole(st.sid)

# all_principals are those of Principal and of NotPrincipal.
all_principals(st) := array.concat(st.principals, st.not_principals)

# all_actions are those of Action and of NotAction.
all_actions(st) := array.concat(st.actions, st.not_actions)

# own_principals are those that a rule about statements has to judge: not the ones that a spec's list names, which are
# judged there.
own_principals(st) := [p | some p in all_principals(st); p.list == ""]

# faulty are the entries of a spec's lists, or the principals of a statement, whose form is wrong. Each is reported by one
# rule, and once.
faulty(subject) := subject.spec.faulty

faulty(subject) := subject.statement.faulty

# principals_of are the entries of a spec's lists, or the principals of a statement that no list names.
principals_of(subject) := subject.spec.entries

principals_of(subject) := own_principals(subject.statement)

# has reports whether a statement has an element that is not empty.
has(st, name) if {
	some element in st.elements
	element.name == name
	not element.empty
}

# lacks reports whether a statement or a policy has none of some elements, nor one that is misspelt: another rule reports that.
lacks(elements, names) if {
	every element in elements {
		not element.means in names
	}
}

# empty is the path of an element that is there and empty.
empty(st, name) := element.path if {
	some element in st.elements
	element.name == name
	element.empty
	element.type != "null" # the schema reports null, wherever it is
}

# is_identity_policy reports whether a policy has the shape of an IAM policy: nobody is named, and resources or actions are of
# other things than the key. One rule reports it, in place of all that is missing.
is_identity_policy(policy) if {
	count(policy.statements) > 0
	every st in policy.statements {
		lacks(st.elements, {"Principal", "NotPrincipal"})
	}
	some st in policy.statements
	_is_of_identities(st)
}

_is_of_identities(st) if {
	some resource in st.resources
	resource.text != "*"
}

_is_of_identities(st) if {
	some action in st.actions
	action.service != ""
	not lower(action.service) in {"kms", "*"}
}

# does is the verb for a statement's effect in a sentence: allows or denies.
does(st) := "denies" if st.effect.text == "Deny"

does(st) := "allows" if st.effect.text != "Deny"

# announced_refusal says what becomes of a statement without a valid Action or Resource. The API reference still says that
# the request succeeds: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
announced_refusal(st) := sprintf("AWS announced that KMS refuses it since 18 August 2025, and on a key that already has it, it %s nothing", [does(st)])

# lets_edit reports whether a statement allows kms:PutKeyPolicy, whatever its conditions.
lets_edit(st) if {
	st.effect.text == "Allow"
	some action in st.actions
	"kms:PutKeyPolicy" in action.matches
}
