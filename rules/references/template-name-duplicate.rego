# METADATA
# title: One name is one template, and one key has one spec
# description: >-
#   Of two templates of one name only the first is used, and on a file system that does not know case nobody can say which
#   that is. Of two specs for one key the one that is applied last wins, and takes back what the other gave.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
# custom:
#   severity: error
#   subject: files
#   when: [related_files]
#   remedy: Give one of the templates another name. Of two specs for one key make one.
package keypolicy.rules.references["template-name-duplicate"]

import data.keypolicy.lib

findings contains finding if {
	some group in input.groups
	group.kind == "template-name"
	some i, member in group.members
	i > 0
	message := sprintf("there is another template named %s", [lib.code(group.text)])
	finding := lib.because("template", lib.beside(lib.at(member.path, message), group.members[0].path, "the other one"))
}

findings contains finding if {
	some group in input.groups
	group.kind == "key"
	some i, member in group.members
	i > 0
	message := sprintf("there is another spec for the key %s%s", [lib.code(member.text), _in(member.region)])
	finding := lib.because("key", lib.beside(lib.at(member.path, message), group.members[0].path, "the other one"))
}

_in("") := ""

_in(region) := sprintf(" in %s", [region]) if region != ""
