# METADATA
# title: Allow denied by other statements
# description: >-
#   Deny statements deny everything that this statement allows, so it has no effect. Either the Deny matches more
#   than was intended, or the Allow is left over.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
# custom:
#   aliases: [allow-killed-by-deny]
#   severity: warning
#   subject: policy
#   when: [denies]
#   access: [statements, lockout]
#   remedy: Exempt from the Deny those who should have access, or remove the Allow.
package keypolicy.rules.redundancy["shadowed-allow"]

import data.keypolicy.lib

findings contains lib.beside_all(lib.at(lib.action_element(st), message), places) if {
	not input.template
	some report in input.access.statements
	report.status == "shadowed"
	not _told
	st := input.policy.statements[report.index]
	denies := [input.policy.statements[i] | some i in report.by]
	places := [{"path": deny.path, "message": "this denies it"} | some deny in denies]
	message := sprintf("statement %s gives nothing: %s %s all that it allows", [lib.name(st), _by(denies), _deny(denies)])
}

# A Deny that locks everyone out is reported by another rule.
_told if input.access.lockout.editors == "none"

_by(denies) := sprintf("statement %s", [lib.name(denies[0])]) if count(denies) == 1

_by(denies) := sprintf("statements %s", [concat(", ", [lib.name(d) | some d in denies])]) if count(denies) != 1

_deny(denies) := "denies" if count(denies) == 1

_deny(denies) := "deny" if count(denies) != 1
