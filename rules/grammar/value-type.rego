# METADATA
# title: Element value of the wrong type
# description: >-
#   An element of a policy is a string or a list of strings, and Principal and Condition are mappings. KMS refuses a
#   policy with a number, a boolean or a list inside a list in their place. Values in a Condition can also be
#   numbers and booleans.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
# custom:
#   severity: error
#   subject: policy
#   when: [faults]
#   remedy: Write a value of the type that the policy grammar requires.
package keypolicy.rules.grammar["value-type"]

import data.keypolicy.lib

findings contains finding if {
	some problem in input.policy.problems
	problem.kind == "type"
	problem.type != "null" # the schema reports null, wherever it is
	message := sprintf("%s is %s, but the policy grammar requires %s", [_where(problem.path), _a[problem.type], problem.want])
	finding := _helped(problem, lib.at(problem.path, message))
}

_helped(problem, finding) := lib.quoted(finding, problem.text) if _is_unquoted(problem)

_helped(problem, finding) := finding if {
	not _is_unquoted(problem)
	not _is_condition(problem)
}

# Which operator is meant, nobody knows.
_helped(problem, finding) := lib.remedied(finding, _nesting) if _is_condition(problem)

_nesting := "put the condition keys with their values below an operator, and the operators into one mapping"

_is_condition(problem) if problem.want in {"a mapping of condition keys", "a mapping of condition operators"}

_is_unquoted(problem) if {
	problem.want == "a string"
	problem.text != ""
	problem.path[count(problem.path) - 1] in {"Sid", "Id"} # any text is right there
}

_where(path) := sprintf("an entry of `%s`", [_fields(path)[count(_fields(path)) - 1]]) if is_number(path[count(path) - 1])

_where(path) := sprintf("`%s`", [path[count(path) - 1]]) if is_string(path[count(path) - 1])

_where([]) := "the policy"

_fields(path) := [step | some step in path; is_string(step)]

_a := {
	"string": "a string", "int": "a number", "float": "a number", "bool": "a boolean", "timestamp": "a date",
	"mapping": "a mapping", "list": "a list", "": "something else",
}
