# METADATA
# title: Malformed principal ARN
# description: >-
#   The ARN of a user, role or account has six parts between colons, which are arn, the partition, iam, an empty
#   Region, the account and the name. If a part is missing or added, or there is a space or a slash at the end, KMS
#   refuses the whole policy without saying which principal is wrong.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
# custom:
#   severity: error
#   subject: [spec, statement]
#   when: [faulty_principals]
#   remedy: Write the ARN as arn:aws:iam::111122223333:role/app.
package keypolicy.rules.principals["arn-malformed"]

import data.keypolicy.lib

findings contains finding if {
	some p in lib.faulty(input)
	fault := _faults[p.fault]
	message := sprintf("`%s` %s: %s", [p.text, fault, lib.refused])
	finding := _hinted(p, lib.at(p.path, message))
}

_faults := {
	"arn": "is not an ARN of a user, role or account",
	"space": "has a space around a part of it",
	"region": "has a Region, and IAM has none",
}

_hinted(p, finding) := lib.remedied(finding, help) if {
	help := lib.separate(p.text, `^arn:`)
} else := lib.written(finding, p.nearest) if p.nearest != ""

else := finding
