# METADATA
# title: Network condition combined with kms:ViaService
# description: >-
#   A service that calls KMS on behalf of a user does so from its own network. aws:SourceIp is then an address of
#   the service, or absent, and aws:SourceVpc and aws:SourceVpce are absent. A statement that requires both
#   kms:ViaService and your own network allows nothing.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-aws.html
# custom:
#   severity: warning
#   subject: statement
#   when: [conditions]
#   access: [left]
#   remedy: Write two statements, one for the service and one for the network.
package keypolicy.rules.exposure["source-ip-with-via-service"]

import data.keypolicy.lib

findings contains lib.beside(lib.at_key(network.key.path, message), via.key.path, "this is the service") if {
	st := input.statement
	st.effect.text == "Allow"
	lib.takes_effect(st)
	count(st.conditions) > 1
	some via in st.conditions
	lower(via.key.name) == "kms:viaservice"
	not lib.absent_passes(via)
	some network in st.conditions
	lower(network.key.name) in {"aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip"}
	not lib.absent_passes(network)
	network.operator.base != "Null"
	message := sprintf("a service calls KMS from its own network, so `%s` is not your network in a request with `%s`", [network.key.text, via.key.text])
}
