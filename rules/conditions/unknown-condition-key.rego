# METADATA
# title: Unknown condition key
# description: >-
#   KMS accepts a condition on a key that no request has. In an Allow such a condition is never met, so that nothing
#   is allowed, or with a negated operator always met, so that it limits nothing. In a Deny it denies nothing or,
#   with a negated operator, everything. AWS adds keys, so this is not an error.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
# custom:
#   severity: warning
#   subject: statement
#   when: [conditions]
#   remedy: Write the key as AWS spells it.
package keypolicy.rules.conditions["unknown-condition-key"]

import data.keypolicy.lib

findings contains finding if {
	some condition in input.statement.conditions
	not condition.key.known
	not lib.has_placeholder(condition.key.text)
	not _is_incomplete(condition.key)
	not _prefix(condition.key) in _federated
	message := sprintf("keypolicy knows no condition key `%s` of requests to KMS: unless AWS has added it, %s", [condition.key.text, _effect(condition)])
	finding := _finding(condition.key, message)
}

_finding(key, message) := lib.at_key(key.path, message) if key.nearest == ""

_finding(key, message) := lib.meant(lib.at_key(key.path, message), key.nearest) if key.nearest != ""

_prefix(key) := lower(split(key.text, ":")[0]) if contains(key.text, ":")

_prefix(key) := "" if not contains(key.text, ":")

# Keys of the session of a federated user can be in any of its requests.
_federated := {"saml", "sts"}

_effect(condition) := sprintf("statement %s %s nothing", [lib.name(input.statement), lib.does(input.statement)]) if {
	not lib.absent_passes(condition)
}

_effect(condition) := sprintf("it limits nothing in statement %s", [lib.name(input.statement)]) if {
	lib.absent_passes(condition)
	input.statement.effect.text != "Deny"
}

_effect(condition) := sprintf("statement %s denies as if this condition were absent", [lib.name(input.statement)]) if {
	lib.absent_passes(condition)
	input.statement.effect.text == "Deny"
}

# Keys without their last part, and attested values of no such number, have rules of their own.
_is_incomplete(key) if lib.lacks_suffix(key.text)

_is_incomplete(key) if startswith(lower(key.text), "kms:recipientattestation:")
