# METADATA
# title: Configuration file that is not used
# description: >-
#   A run uses one configuration, either the one that is named or the first one from the working folder upwards.
#   Another one in a folder below has no effect, so that a file in a pull request cannot loosen the checks. Its
#   author probably expects that it is used.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
# custom:
#   severity: warning
#   subject: files
#   when: [related_files]
#   remedy: Move its settings to `folders` of the configuration in use, or run keypolicy in its folder.
package keypolicy.rules.hygiene["configuration-not-used"]

import data.keypolicy.lib

findings contains lib.at(group.members[0].path, "this configuration is not used: the one in use is in a folder above it, or was given with --config") if {
	some group in input.groups
	group.kind == "unused-configuration"
}
