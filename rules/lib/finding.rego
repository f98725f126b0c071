# The makers of findings: the rules built in make none in another way.
package keypolicy.lib

# at points at a value.
at(path, message) := {"path": path, "message": message}

# at_key points at a field's name.
at_key(path, message) := {"path": path, "message": message, "at": "key"}

# because names the cause, in a rule that has several.
because(reason, finding) := object.union(finding, {"reason": reason})

# remedied says what to write instead, where METADATA's remedy can be more exact.
remedied(finding, help) := object.union(finding, {"help": sprintf("%s%s", [help, _blanks(help)])})

# A help with words in capitals is a form: it says what they represent.
_blanks(help) := "" if count(_blank_words(help)) == 0

_blanks(help) := sprintf("%s %s", [_joint(help), concat(" and ", [sprintf("%s with %s", [word, _meanings[word]]) | some word in _blank_words(help)])]) if {
	count(_blank_words(help)) > 0
}

_joint(help) := "; replace" if not endswith(help, "?")

_joint(help) := " Replace" if endswith(help, "?")

_blank_words(help) := sort([word | some word, _ in _meanings; regex.match(sprintf(`\b%s\b`, [word]), help)])

_meanings := {
	"ACCOUNT": "the account's 12 digits",
	"NAME": "the name",
	"REGION": "the Region",
	"SERVICE": "the service",
}

# beside shows another place that explains the finding.
beside(finding, path, message) := object.union(finding, {"related": [{"path": path, "message": message}]})

# beside_all shows several: a list of objects with path and message.
beside_all(finding, places) := object.union(finding, {"related": places})

# among lists all places that are at fault together, including the finding's own. Which of them the finding is at
# depends only on their order, so in another order it is the same finding.
among(finding, paths) := object.union(finding, {"among": paths})

# pair shows the other one of two that are at fault together, and of which the later one is reported.
pair(finding, path, message) := alike(beside(finding, path, message), [path, finding.path])

# alike is among for places with the same text, of which one is too many: a baseline does not compare the text at these
# places.
alike(finding, paths) := object.union(finding, {"among": paths, "alike": true})

# phrase is a sentence as part of another: without its full stop, and beginning in lower case unless it begins with an abbreviation.
phrase(sentence) := concat("", [lower(substring(sentence, 0, 1)), substring(trim_suffix(sentence, "."), 1, -1)]) if {
	not regex.match(`^[A-Z][A-Z0-9]`, sentence)
}

phrase(sentence) := trim_suffix(sentence, ".") if regex.match(`^[A-Z][A-Z0-9]`, sentence)

# proposed says what to write instead, and as edits that can be made: each with a path and a text, or with a path and what to add.
# A word in capitals represents what is not known and is left to the user: a help with such a word is not an edit.
proposed(finding, help, edits) := object.union(finding, {"help": help, "edits": edits}) if not _is_form(edits)

proposed(finding, help, edits) := remedied(finding, help) if _is_form(edits)

_is_form(edits) if regex.match(`\b(ACCOUNT|REGION|NAME|SERVICE)\b`, json.marshal(edits))

# replacing is the edit that writes a text where the finding points.
replacing(finding, text) := {"path": finding.path, "at": object.get(finding, "at", "value"), "text": text}

# written proposes the text to write where the finding points.
written(finding, text) := proposed(finding, sprintf("write `%s`", [text]), [replacing(finding, text)])

# meant asks whether a text was meant where the finding points.
meant(finding, text) := proposed(finding, sprintf("did you mean `%s`?", [text]), [replacing(finding, text)])

# renamed proposes another name for the field that a path leads to.
renamed(finding, path, text) := proposed(finding, sprintf("write `%s`", [text]), [{"path": path, "at": "key", "text": text}])

# operator_written proposes another operator for a statement's conditions. Where it has that operator already, the conditions go there,
# which is not text to write.
operator_written(finding, st, path, operator) := renamed(finding, path, operator) if not _has_operator(st, operator)

operator_written(finding, st, _, operator) := remedied(finding, sprintf("move it under the `%s` that is there", [operator])) if {
	_has_operator(st, operator)
}

# operator_meant asks whether another operator was meant.
operator_meant(finding, st, _, operator) := meant(finding, operator) if not _has_operator(st, operator)

operator_meant(finding, st, path, operator) := operator_written(finding, st, path, operator) if _has_operator(st, operator)

_has_operator(st, operator) if {
	some condition in st.conditions
	condition.operator.text == operator
}

# added proposes what to add to the mapping or the list that a path leads to.
added(finding, help, path, value) := proposed(finding, help, [{"path": path, "add": value}])

# quoted proposes a text in quotes where the finding points.
quoted(finding, text) := proposed(finding, sprintf("write `\"%s\"`", [text]), [replacing(finding, text)])

# adding proposes to add a condition to the statement.
adding(finding, operator, key, value) := added(
	finding, sprintf("add `\"%s\": {\"%s\": %s}`", [operator, key, json.marshal(value)]),
	[], {"Condition": {operator: {key: value}}},
)

# has_list reports whether the statements are in a list.
has_list(policy) if {
	some element in policy.elements
	element.name == "Statement"
	element.type == "list"
}
