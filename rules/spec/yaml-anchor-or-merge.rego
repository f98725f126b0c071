# METADATA
# title: YAML alias or merge key in a spec
# description: >-
#   An alias or a merge key puts in what is written elsewhere. Who reads a change of the anchor does not see whom it lets
#   in at the alias. keypolicy compile shows the result.
# related_resources:
#   - ref: https://yaml.org/type/merge.html
# custom:
#   severity: info
#   subject: spec
#   when: [aliases]
#   remedy: >-
#     Write it out, or make a template of what is shared.
package keypolicy.rules.spec["yaml-anchor-or-merge"]

import data.keypolicy.lib

findings contains lib.at(alias.path, message) if {
	some alias in input.spec.aliases
	message := "this value comes from its anchor: see `keypolicy compile` for the whole"
}
