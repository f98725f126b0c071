# What an organization's id and its paths look like.
package keypolicy.lib

# organization_fault says why no organization has a text as its id, or as a path of its units. The key is in lower case.
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
organization_fault(key, text) := "an organization's id begins with `o-`" if {
	_is_id_key(key)
	_begins_otherwise(text)
} else := "it is a path, as `aws:PrincipalOrgPaths` has" if {
	_is_id_key(key)
	startswith(text, "o-")
	contains(text, "/")
} else := "a path begins with an organization, `o-`" if {
	_is_path_key(key)
	_begins_otherwise(text)
} else := "an organization's id is `o-` and 10 to 32 lower-case letters and digits" if {
	_is_id_key(key)
	startswith(text, "o-")
	not _may_be_organization(split(text, "/")[0])
} else := "an organization's id is `o-` and 10 to 32 lower-case letters and digits" if {
	_is_path_key(key)
	startswith(text, "o-")
	not _may_be_organization(split(text, "/")[0])
} else := "a path ends in a slash" if {
	_is_path_key(key)
	startswith(text, "o-")
	not regex.match(`[/*]$`, text)
} else := "after the organization comes its root, `r-` and 4 to 32 lower-case letters and digits, and then units, `ou-` with 4 to 32 of them and, after a dash, 8 to 32 more" if {
	_is_path_key(key)
	startswith(text, "o-")
	some i, part in split(trim_suffix(text, "/"), "/")
	i > 0
	part != ""
	not _is_unit(i, part)
}

_begins_otherwise(text) if {
	not startswith(text, "o-")
	not regex.match(`^o?[*?]`, text)
}

_may_be_organization(text) if regex.match(`^o-[a-z0-9]{10,32}$`, text)

_may_be_organization(text) if regex.match(`^o-[a-z0-9]{0,32}[*?][a-z0-9*?]*$`, text)

_is_unit(_, part) if regex.match(`[*?]`, part)

_is_unit(1, part) if regex.match(`^r-[0-9a-z]{4,32}$`, part)

_is_unit(i, part) if {
	i > 1
	regex.match(`^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$`, part)
}

_is_id_key(key) if key in organization_id_keys

_is_path_key(key) if key in organization_path_keys
