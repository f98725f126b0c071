# METADATA
# title: An organization in a condition is o-…
# description: >-
#   aws:PrincipalOrgID holds the organization, o- and its id. aws:PrincipalOrgPaths holds a path of o-, r- and ou- parts
#   that ends in a slash. Another value matches no request.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: >-
#     Write the organization's id, or a path as o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*.
package keypolicy.rules.conditions["org-condition-format"]

import data.keypolicy.lib

findings contains lib.at(value.path, message) if {
	some condition in input.statement.conditions
	condition.operator.family == "String"
	some value in condition.values
	not value.variable
	fault := _fault(lower(condition.key.name), value.text)
	message := sprintf("`%s` is nothing that `%s` can be: %s", [value.text, condition.key.text, fault])
}

_fault(key, text) := "an organization's id begins with `o-`" if {
	key in {"aws:principalorgid", "aws:sourceorgid", "aws:resourceorgid", "aws:vpceorgid"}
	not startswith(text, "o-")
	not regex.match(`^o?[*?]`, text)
}

# https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
_fault(key, text) := "an organization's id is `o-` and 10 to 32 lower-case letters and digits" if {
	key in {"aws:principalorgid", "aws:sourceorgid", "aws:resourceorgid", "aws:vpceorgid"}
	startswith(text, "o-")
	not contains(text, "/")
	not _may_be_id(text)
}

# https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
_fault(key, text) := "an organization's id is `o-` and 10 to 32 lower-case letters and digits" if {
	key in _paths
	startswith(text, "o-")
	contains(text, "/")
	not _may_be_id(split(text, "/")[0])
}

_may_be_id(text) if regex.match(`^o-[a-z0-9]{10,32}$`, text)

# A wildcard stands for what is missing.
_may_be_id(text) if regex.match(`^o-[a-z0-9]{0,32}[*?][a-z0-9*?]*$`, text)

_fault(key, text) := "it is a path, as `aws:PrincipalOrgPaths` has" if {
	key in {"aws:principalorgid", "aws:sourceorgid", "aws:resourceorgid", "aws:vpceorgid"}
	startswith(text, "o-")
	contains(text, "/")
}

_fault(key, text) := "a path begins with an organization, `o-`" if {
	key in _paths
	not startswith(text, "o-")
	not regex.match(`^o?[*?]`, text)
}

_fault(key, text) := "a path ends in a slash" if {
	key in _paths
	startswith(text, "o-")
	not endswith(text, "/")
	not endswith(text, "*")
}

_fault(key, text) := "after the organization stands its root, `r-` and 4 to 32 lower-case letters and digits, and then units, `ou-` with such an id and 8 to 32 more" if {
	key in _paths
	startswith(text, "o-")
	regex.match(`[/*]$`, text)
	some i, part in split(trim_suffix(text, "/"), "/")
	i > 0
	part != ""
	not _is_part(i, part)
}

_is_part(_, part) if regex.match(`[*?]`, part)

# https://docs.aws.amazon.com/organizations/latest/APIReference/API_Root.html
_is_part(1, part) if regex.match(`^r-[0-9a-z]{4,32}$`, part)

# https://docs.aws.amazon.com/organizations/latest/APIReference/API_OrganizationalUnit.html
_is_part(i, part) if {
	i > 1
	regex.match(`^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$`, part)
}

_paths := {"aws:principalorgpaths", "aws:sourceorgpaths", "aws:resourceorgpaths", "aws:vpceorgpaths"}
