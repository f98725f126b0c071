# METADATA
# title: Word that YAML may read as a boolean
# description: >-
#   Many YAML readers treat yes, no, on, off, y and n as booleans, so that the country code no becomes false, and
#   digits as a number. keypolicy keeps the text; other tools that read the file may not.
# related_resources:
#   - ref: https://yaml.org/type/bool.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
# custom:
#   severity: info
#   subject: [spec, statement]
#   enabled: false
#   remedy: Write it in quotes.
package keypolicy.rules.spec["yaml-truthy-value"]

import data.keypolicy.lib

findings contains _finding(entry) if {
	some entry in input.spec.entries
	not entry.quoted
	lower(entry.text) in _words
}

findings contains _finding(value) if {
	some condition in input.statement.conditions
	not condition.operator.family in {"Bool", "Null", "Numeric"}
	some value in condition.values
	not value.quoted
	_is_taken(value)
}

_words := {"yes", "no", "on", "off", "y", "n"}

_is_taken(value) if value.type in {"bool", "int", "float"}

_is_taken(value) if lower(value.text) in _words

_finding(value) := lib.quoted(lib.at(value.path, message), value.text) if {
	message := sprintf("`%s` has no quotes: other readers of YAML may not read it as text", [value.text])
}
