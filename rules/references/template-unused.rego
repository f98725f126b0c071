# METADATA
# title: Unused template
# description: >-
#   A template that no spec uses is not checked with any key, so it becomes outdated without notice. A set of
#   templates for other repositories contains such templates, so the rule is off by default. It reports only in runs
#   that read all files.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
# custom:
#   severity: info
#   enabled: false
#   subject: files
#   when: [related_files]
#   remedy: Remove the template, or use it.
package keypolicy.rules.references["template-unused"]

import data.keypolicy.lib

findings contains lib.at(group.members[0].path, sprintf("no spec uses the template %s", [lib.code(group.text)])) if {
	some group in input.groups
	group.kind == "unused-template"
}
