# METADATA
# title: Measurement of a debug enclave accepted
# description: >-
#   The measurements of an enclave in debug mode are all zeros, whatever image it runs, and its memory and console
#   can be read. A condition that accepts zeros accepts any such enclave. Which other measurements a policy requires
#   is your choice and is not reported, as AWS's own examples require only the image.
# related_resources:
#   - ref: https://docs.aws.amazon.com/enclaves/latest/user/set-up-attestation.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-nitro-enclave.html
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   access: [left]
#   remedy: Write the measurement that nitro-cli prints for the image when it runs without debug mode.
package keypolicy.rules.privilege["enclave-debug-pcr"]

import data.keypolicy.lib

findings contains lib.at(value.path, message) if {
	st := input.statement
	st.effect.text == "Allow"
	lib.takes_effect(st)
	some condition in st.conditions
	startswith(condition.key.name, "kms:RecipientAttestation:")
	not contains(condition.key.name, "NitroTPM") # not an enclave: zeros are a measurement that was not made
	_is_measured(condition.key.text)
	not _asks_for_more(st)
	not condition.operator.negated
	some value in condition.values
	count(value.text) > 1
	trim(value.text, "0") == ""
	message := sprintf(
		"statement %s accepts zeros as `%s`: that is an enclave in debug mode, of any image, whose memory can be read",
		[lib.name(st), condition.key.text],
	)
}

# Every enclave has measurements of its own in PCR0 to PCR4; PCR8 is the certificate of a signed image. Further registers
# are zeros until somebody extends them, as PCR12 in AWS's own samples.
# https://docs.aws.amazon.com/enclaves/latest/user/set-up-attestation.html
_is_measured(key) if regex.match(`(?i)^kms:RecipientAttestation:(ImageSha384|PCR[0-48])$`, key)

# A measurement that a debug enclave does not have.
_asks_for_more(st) if {
	some condition in st.conditions
	_is_measured(condition.key.text)
	not condition.operator.negated
	not condition.operator.if_exists
	condition.operator.base != "Null"
	every value in condition.values {
		trim(value.text, "0*?") != ""
	}
}
