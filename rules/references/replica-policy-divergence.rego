# METADATA
# title: Different policies on replicas of a key
# description: >-
#   Each replica of a multi-Region key has a key policy of its own, but all of them have the same key material. A
#   principal that may decrypt in one Region can decrypt what was encrypted in any of them. A policy that allows
#   more in one Region therefore allows it for all data.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html
# custom:
#   severity: info
#   subject: files
#   when: [related_files]
#   remedy: Write one spec with `regions`, or give each Region's spec the same policy.
package keypolicy.rules.references["replica-policy-divergence"]

import data.keypolicy.lib

findings contains finding if {
	some group in input.groups
	group.kind == "replicas"
	first := group.members[0]
	some member in group.members
	member.region != first.region
	member.digest != first.digest
	message := sprintf("the policy for %s differs from the one for %s, although both keys share their key material", [member.region, first.region])
	finding := lib.pair(lib.at(member.path, message), first.path, sprintf("the one for %s", [first.region]))
}
