# METADATA
# title: Character that KMS refuses
# description: >-
#   A key policy can contain printable characters of ASCII and of the Latin-1 Supplement, tabs, line feeds and
#   carriage returns. A curly quote, a long dash or an invisible space in copied text makes KMS refuse the whole
#   policy. The API's pattern also accepts the control characters U+007F to U+009F, but the guide does not, so these
#   are warnings.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
# custom:
#   severity: error
#   subject: [spec, policy]
#   when: [characters]
#   remedy: Replace the character by ASCII, or remove it.
package keypolicy.rules.grammar["non-latin1-character"]

import data.keypolicy.lib

findings contains finding if {
	some c in array.concat(_in_spec, _in_policy)
	message := sprintf("character %d of `%s` is %s, which %s", [c.position, c.text, _shown(c), _refused(c)])
	finding := object.union(_helped(c, _placed(c, message)), _severity(c))
}

_placed(c, message) := lib.at(c.path, message) if c.at == "value"

_placed(c, message) := lib.at_key(c.path, message) if c.at == "key"

_helped(c, finding) := lib.proposed(finding, sprintf("write `%s`", [c.instead]), [lib.replacing(finding, replace(c.text, c.character, c.instead))]) if c.instead != ""

_helped(c, finding) := finding if c.instead == ""

_severity(c) := {"severity": "warning"} if c.control

_severity(c) := {} if not c.control

_refused(c) := "KMS does not accept in a policy: PutKeyPolicy refuses it" if not c.control

_refused(c) := "the guide of KMS does not allow in a policy" if c.control

_shown(c) := sprintf("`%s` (%s)", [c.character, c.code]) if c.instead != ""

_shown(c) := c.code if c.instead == ""

# What a spec's list names is reported as it is written.
_in_spec := object.get(input, ["spec", "characters"], [])

_in_policy := object.get(input, ["policy", "characters"], [])
