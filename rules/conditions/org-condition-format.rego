# METADATA
# title: Invalid organization ID or path in a condition
# description: >-
#   aws:PrincipalOrgID contains the id of an organization, which begins with o-. aws:PrincipalOrgPaths contains a
#   path of the organization (o-), its root (r-) and organizational units (ou-), which ends in a slash. No request
#   matches another value.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: Write the id of the organization, or a path such as o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*.
package keypolicy.rules.conditions["org-condition-format"]

import data.keypolicy.lib

findings contains lib.remedied(lib.at(value.path, message), _help(lower(condition.key.name), value.text)) if {
	some condition in input.statement.conditions
	condition.operator.family == "String"
	some value in condition.values
	not value.variable
	fault := lib.organization_fault(lower(condition.key.name), value.text)
	message := sprintf("`%s` is never a value of `%s`: %s", [value.text, condition.key.text, fault])
}

# A whole organization in place of one of its units is more than what was meant.
_help(key, text) := sprintf("write it under `%s`, with `ForAnyValue:StringLike`", [_path_key[key]]) if {
	key in object.keys(_path_key)
	contains(text, "/")
}

_help(key, text) := "write the organization's id" if {
	key in object.keys(_path_key)
	not contains(text, "/")
}

_help(key, _) := "write a path, as `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*`" if not key in object.keys(_path_key)

_path_key := {
	"aws:principalorgid": "aws:PrincipalOrgPaths",
	"aws:resourceorgid": "aws:ResourceOrgPaths",
	"aws:sourceorgid": "aws:SourceOrgPaths",
	"aws:vpceorgid": "aws:VpceOrgPaths",
}
