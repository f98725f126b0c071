# METADATA
# title: Invalid attestation measurement
# description: >-
#   The kms:RecipientAttestation keys contain SHA-384 digests, that is 96 hexadecimal digits in lower case, without
#   0x. Enclaves have PCRs 0 to 31, and NitroTPMs 0 to 23. No request matches another value or number.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-nitro-enclaves.html
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: Write the digits as nitro-cli prints them, with the operator StringEqualsIgnoreCase.
package keypolicy.rules.conditions["recipient-attestation-format"]

import data.keypolicy.lib

findings contains finding if {
	some condition in input.statement.conditions
	startswith(lower(condition.key.text), "kms:recipientattestation:")
	condition.key.known
	condition.operator.family == "String"
	some value in condition.values
	not value.variable
	fault := _fault(condition.operator, value.text)
	message := sprintf("`%s` is not an attested value: %s", [value.text, fault])
	finding := lib.at(value.path, message)
}

findings contains lib.remedied(lib.at_key(condition.key.path, message), "write the name of a measurement that there is") if {
	some condition in input.statement.conditions
	startswith(lower(condition.key.text), "kms:recipientattestation:")
	not condition.key.known
	not lib.lacks_suffix(condition.key.text)
	message := sprintf("there is no `%s`: enclaves have PCR0 to PCR31, NitroTPMs NitroTPMPCR0 to NitroTPMPCR23, and an image ImageSha384", [condition.key.text])
}

_fault(_, text) := "it begins with 0x" if startswith(lower(text), "0x")

_fault(operator, text) := "its letters must be in lower case, as this operator is case-sensitive" if {
	regex.match(`^[0-9a-fA-F]{96}$`, text)
	lower(text) != text
	not contains(operator.base, "IgnoreCase")
}

_fault(_, text) := "it has letters that are not hexadecimal digits" if {
	not startswith(lower(text), "0x")
	not regex.match(`^[0-9a-fA-F*?]*$`, text)
}

_fault(_, text) := sprintf("it has %d digits instead of 96", [count(text)]) if {
	regex.match(`^[0-9a-fA-F]*$`, text)
	count(text) != 96
}
