# METADATA
# title: Several forms in one spec
# description: >-
#   A spec consists of lists of principals, or a policy, or a template with its parameters. With two of these forms
#   it is not clear which one is meant, and an API that accepts both silently ignores one. Such a spec is not
#   compiled.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
# custom:
#   severity: error
#   subject: spec
#   when: [forms]
#   remedy: >-
#     Keep one form. To add statements to lists or to a template, use statements or include; a policy contains all of
#     its statements itself.
package keypolicy.rules.spec["exclusive-forms"]

import data.keypolicy.lib

findings contains finding if {
	count(input.spec.forms) > 1
	first := _of_a_form[0]
	other := [f | some f in _of_a_form; f.form != first.form][0]
	message := sprintf("`%s` and `%s` are different forms of a spec and exclude each other", [first.written, other.written])
	finding := lib.pair(lib.at_key(other.path, message), first.path, sprintf("`%s` is %s", [first.written, _form[first.form]]))
}

_form := {"lists": "one of the lists", "policy": "a policy", "template": "a template"}

# What is beside lists or a template counts as lists where there is a policy, for a policy is complete.
_of_a_form := [object.union(f, {"form": form}) |
	some f in input.spec.fields
	form := _form_of(f)
]

_form_of(f) := f.form if f.form in {"lists", "policy", "template"}

_form_of(f) := "lists" if {
	f.form == "addition"
	"policy" in input.spec.forms
}
