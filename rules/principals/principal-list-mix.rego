# METADATA
# title: Principal listed beside "*"
# description: >-
#   "*" is everyone, so the names beside it have no effect, although it looks as if only they were meant.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous
# custom:
#   severity: warning
#   subject: statement
#   enabled: false
#   remedy: Remove the names, or the "*".
package keypolicy.rules.principals["principal-list-mix"]

import data.keypolicy.lib

findings contains lib.beside(lib.at(p.path, message), star.path, "everyone is here") if {
	some list in [input.statement.principals, input.statement.not_principals]
	count(list) > 1
	some star in list
	star.kind == "anyone"
	some p in list
	p.element == "AWS"
	p.kind != "anyone"
	message := sprintf("`%s` is beside `\"*\"`, which is everyone already", [p.text])
}
