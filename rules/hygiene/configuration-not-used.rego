# METADATA
# title: Configuration file that is not used
# description: >-
#   One configuration counts for a run: the one that is named, or the first from the working folder up. Another one in a folder below
#   it changes nothing, so that a file of a pull request loosens nothing. Whoever wrote it there expects that it does.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
# custom:
#   severity: warning
#   subject: files
#   when: [related_files]
#   remedy: Move what it sets to `folders` of the configuration in use, or run keypolicy in its folder.
package keypolicy.rules.hygiene["configuration-not-used"]

import data.keypolicy.lib

findings contains lib.at(group.members[0].path, "this configuration is not used: the one in use is above it, or was named") if {
	some group in input.groups
	group.kind == "unused-configuration"
}
