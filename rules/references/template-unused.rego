# METADATA
# title: Unused template
# description: >-
#   A template that no spec uses is not tried by any key: it goes stale, and whoever takes it up next takes what was right
#   once. A set of templates that other repositories use has such ones, so the rule is off until it is turned on. It judges
#   runs that read all files only.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
# custom:
#   severity: info
#   enabled: false
#   subject: files
#   when: [related_files]
#   remedy: Take the template out, or use it.
package keypolicy.rules.references["template-unused"]

import data.keypolicy.lib

findings contains lib.at(group.members[0].path, sprintf("no spec uses the template %s", [lib.code(group.text)])) if {
	some group in input.groups
	group.kind == "unused-template"
}
