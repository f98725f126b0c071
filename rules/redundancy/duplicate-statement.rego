# METADATA
# title: Duplicate statement
# description: >-
#   Two statements are the same except for their Sids. One of them has no effect, and removing only the other one
#   removes no access. The console of CloudTrail writes a statement twice, which is info.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-suggestion-redundant-statement
# custom:
#   severity: warning
#   subject: policy
#   when: [repeated_statements]
#   remedy: Remove one, or write what was meant.
package keypolicy.rules.redundancy["duplicate-statement"]

import data.keypolicy.lib

findings contains object.union(lib.pair(lib.at(later.path, message), earlier.path, "it is listed here already"), {"severity": _severity(later)}) if {
	some [i, j] in lib.duplicates(input.policy.statements)
	earlier := input.policy.statements[i]
	later := input.policy.statements[j]
	message := sprintf("statement %s is the same as statement %s", [lib.name(later), lib.name(earlier)])
}

# CloudTrail's console writes two statements that are the same, for the account's principals and for those of other accounts.
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/default-kms-key-policy.html
_severity(st) := "info" if lib.has_key_text(st, "kms:encryptioncontext:aws:cloudtrail:arn")

_severity(st) := "warning" if not lib.has_key_text(st, "kms:encryptioncontext:aws:cloudtrail:arn")
