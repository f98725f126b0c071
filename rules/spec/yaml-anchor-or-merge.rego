# METADATA
# title: YAML alias or merge key in a spec
# description: >-
#   An alias or a merge key inserts what is written elsewhere. A reviewer who sees a change at the anchor does not
#   see who gets access at the alias. `keypolicy compile` shows the result.
# related_resources:
#   - ref: https://yaml.org/type/merge.html
# custom:
#   severity: info
#   subject: spec
#   when: [aliases]
#   remedy: Write it out, or make a template of the shared part.
package keypolicy.rules.spec["yaml-anchor-or-merge"]

import data.keypolicy.lib

findings contains lib.at(alias.path, message) if {
	some alias in input.spec.aliases
	message := "this value comes from its anchor: `keypolicy compile` shows the whole policy"
}
