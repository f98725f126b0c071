# METADATA
# title: Duplicate template name
# description: >-
#   Of two templates with the same name only the first is used, and on a case-insensitive file system it is not
#   certain which one that is.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
# custom:
#   severity: error
#   subject: files
#   when: [related_files]
#   remedy: Give one of the templates another name.
package keypolicy.rules.references["template-name-duplicate"]

import data.keypolicy.lib

findings contains finding if {
	some group in input.groups
	group.kind == "template-name"
	some i, member in group.members
	i > 0
	message := sprintf("there is another template named %s", [lib.code(group.text)])
	finding := lib.pair(lib.at(member.path, message), group.members[0].path, "the other one")
}
