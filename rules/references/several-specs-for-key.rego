# METADATA
# title: Several specs for one key
# description: >-
#   Of two specs for one key, the one that is applied last wins and removes the access that the other gave. Which of
#   them is meant is not known, so neither is compiled or applied.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
# custom:
#   aliases: [template-name-duplicate]
#   severity: error
#   subject: files
#   when: [related_files]
#   remedy: Merge the specs, or remove one.
package keypolicy.rules.references["several-specs-for-key"]

import data.keypolicy.lib

findings contains finding if {
	some group in input.groups
	group.kind == "key"
	count(group.members) > 1
	some i, member in group.members
	other := _other(group.members, i)
	message := sprintf("%s is for the key %s%s too", [_file(other), lib.code(member.text), _in(other.region)])
	finding := lib.pair(lib.at(member.path, message), other.path, "the other one")
}

_other(members, i) := members[0] if i > 0

_other(members, 0) := members[1]

_file(member) := member.file if member.document == 0

_file(member) := sprintf("document %d of %s", [member.document, member.file]) if member.document > 0

_in("") := ""

_in(region) := sprintf(" in %s", [region]) if region != ""
