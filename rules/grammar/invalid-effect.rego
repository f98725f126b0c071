# METADATA
# title: Invalid Effect
# description: >-
#   Effect is "Allow" or "Deny", in exactly this case.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
# custom:
#   severity: error
#   subject: statement
#   when: [faults]
#   remedy: Write "Allow" or "Deny".
package keypolicy.rules.grammar["invalid-effect"]

import data.keypolicy.lib

findings contains finding if {
	effect := input.statement.effect
	effect.present
	not effect.text in {"Allow", "Deny"}
	not lib.has_placeholder(effect.text)
	message := sprintf("the `Effect` of statement %s is %s", [lib.name(input.statement), _what(effect.text)])
	finding := _helped(effect, lib.at(effect.path, message))
}

_helped(effect, finding) := lib.written(finding, _meant[lower(effect.text)])

_helped(effect, finding) := finding if not _meant[lower(effect.text)]

_meant := {
	"allow": "Allow", "allowed": "Allow", "permit": "Allow", "grant": "Allow",
	"deny": "Deny", "denied": "Deny", "forbid": "Deny", "block": "Deny",
}

_what("") := "empty: it neither allows nor denies"

_what(text) := sprintf("`%s`, which is neither `Allow` nor `Deny`", [text]) if text != ""
