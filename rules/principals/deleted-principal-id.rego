# METADATA
# title: ID of a deleted principal
# description: >-
#   When a user or role is deleted, a policy that named it shows its unique id in place of the ARN, AIDA… for a user
#   and AROA… for a role. The id no longer matches anyone, and a new user or role of the same name has another id.
#   KMS refuses a policy that contains such an id.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
# custom:
#   severity: error
#   subject: [spec, statement]
#   when: [faulty_principals]
#   remedy: Remove the id. If the user or role was created again, write its ARN.
package keypolicy.rules.principals["deleted-principal-id"]

import data.keypolicy.lib

findings contains lib.remedied(lib.at(p.path, message), help) if {
	some p in lib.faulty(input)
	p.fault == "unique_id"
	[what, help] := _of(p.text)
	message := sprintf("`%s` is %s: %s", [p.text, what, lib.refused])
}

_of(text) := ["what is left of a deleted IAM user", "remove it, or write the ARN of the user that replaces it"] if startswith(text, "AIDA")

_of(text) := ["what is left of a deleted IAM role", "remove it, or write the ARN of the role that replaces it"] if startswith(text, "AROA")

_of(text) := ["a unique id of IAM, and not a principal", "write the ARN of the user or role that is meant"] if {
	not startswith(text, "AIDA")
	not startswith(text, "AROA")
}
