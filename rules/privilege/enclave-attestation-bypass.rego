# METADATA
# title: Attestation can be bypassed
# description: >-
#   The policy requires an attestation, so that only an enclave sees the data, but another statement lets the key be
#   used without one. If that is the account statement, which lets IAM policies allow it, the finding is info,
#   because AWS's examples contain it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-nitro-enclave.html
#   - ref: https://docs.aws.amazon.com/enclaves/latest/user/kms.html
# custom:
#   severity: error
#   subject: policy
#   when: [conditions]
#   access: [unattested]
#   remedy: >-
#     Add a Deny of kms:Decrypt, kms:DeriveSharedSecret, kms:GenerateDataKey and kms:GenerateDataKeyPair for everyone,
#     with StringNotEqualsIgnoreCase on the same kms:RecipientAttestation key, or leave those actions out of that
#     statement.
package keypolicy.rules.privilege["enclave-attestation-bypass"]

import data.keypolicy.lib

findings contains object.union(_at_entries(st, message), {"witness": input.access.unattested.witness}) if {
	some i in input.access.unattested.direct
	st := input.policy.statements[i]
	message := sprintf("statement %s lets %s use the key without the attestation that the policy requires", [
		lib.name(st), lib.called(st.principals),
	])
}

findings contains object.union(_at_entries(st, message), {"severity": "info"}) if {
	some i in input.access.unattested.delegated
	st := input.policy.statements[i]
	message := sprintf("statement %s lets IAM policies allow use of the key without the attestation that the policy requires", [
		lib.name(st),
	])
}

# A gate must not pass what it could not decide.
findings contains lib.because("undecided", lib.at_key(lib.statement_list, message)) if {
	input.access.unattested.undecided == "budget"
	message := "whether the key can be used without the attestation that the policy requires could not be determined: write fewer conditions, or values in place of patterns"
}

# What AWS's pages leave open is not an error.
findings contains object.union(lib.because("open", lib.at_key(lib.statement_list, message)), {"severity": "warning"}) if {
	input.access.unattested.undecided == "open"
	_finds_none
	not _has_malformed # rules on conditions report it
	message := "whether the key can be used without the attestation that the policy requires is not known: AWS does not document what one of its conditions or Deny statements matches"
}

findings contains object.union(lib.because("not-yet-known", lib.at_key(lib.statement_list, message)), {"severity": "info", "help": help}) if {
	input.access.unattested.undecided == "not_yet_known"
	_finds_none
	message := "whether the key can be used without the attestation that the policy requires is not known yet"
	help := "this is not a fault: lint again once the values that are not known are filled in"
}

_has_malformed if {
	some st in input.policy.statements
	some condition in st.conditions
	startswith(lower(condition.key.name), "kms:recipientattestation")
	lib.malformed(condition)
}

_finds_none if count(input.access.unattested.direct) == 0

_at_entries(st, message) := lib.among(lib.at(entries[0].path, message), [entry.path | some entry in entries]) if {
	entries := lib.entries_of(st, _attested)
	count(entries) > 0
} else := lib.at(lib.action_element(st), message)

_attested := {"kms:Decrypt", "kms:DeriveSharedSecret", "kms:GenerateDataKey", "kms:GenerateDataKeyPair"}
