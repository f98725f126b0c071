# METADATA
# title: Resource other than "*"
# description: >-
#   In a key policy "*" means the key that the policy is attached to, and the guide documents nothing else. The
#   key's own ARN works, but is not known before the key is created. An alias, another kind of resource, or a
#   pattern that the key's ARN does not match, is not this key, and the statement has no effect.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# custom:
#   severity: warning
#   subject: statement
#   when: [resources]
#   remedy: >-
#     Write "Resource": "*".
package keypolicy.rules.grammar["resource-not-star"]

import data.keypolicy.lib

findings contains object.union(lib.at(r.path, message), _severity(r)) if {
	st := input.statement
	resources := st.resources
	count(resources) > 0
	not lib.lacks(st.elements, {"Principal", "NotPrincipal"}) # an IAM policy: another rule says so
	every resource in resources {
		resource.text != "*" # next to it, nothing else counts
	}
	some r in resources
	regex.match(`^arn:|[*?]`, r.text) # what is neither an ARN nor a pattern is reported by another rule
	not lib.has_placeholder(r.text)
	not lib.is_other_key(r.text, input.key)
	message := sprintf("`%s` %s", [r.text, _what(r.text)])
}

_severity(r) := {"severity": "info"} if r.text == input.key.id

_severity(r) := {} if r.text != input.key.id

_what(text) := "is this key, and `\"*\"` says so too" if text == input.key.id

_what(text) := "is a key's ARN: if it is not this key's, the statement does nothing" if {
	text != input.key.id
	_is_key(text)
	not _is_pattern(text)
}

_what(text) := "matches keys by a pattern: in a key policy the resource is this key only, and `\"*\"` is that" if {
	text != input.key.id
	_is_key(text)
	_is_pattern(text)
	_is_of_every_key(text)
}

_what(text) := "is a pattern: if this key's ARN does not match it, the statement does nothing" if {
	text != input.key.id
	_is_key(text)
	_is_pattern(text)
	not _is_of_every_key(text)
}

_is_of_every_key(text) if regex.match(`^(key/)?[*]$`, concat(":", array.slice(split(text, ":"), 5, 7)))

_is_pattern(text) if regex.match(`[*?]`, text)

_what(text) := "is an alias, and a policy never applies to an alias: the statement does nothing" if _is_alias(text)

_what(text) := "is a pattern: if this key's ARN does not match it, the statement does nothing" if not startswith(text, "arn:")

_what(text) := "is not a key: the statement does nothing" if {
	startswith(text, "arn:")
	not _is_key(text)
	not _is_alias(text)
}

_is_key(text) if {
	parts := split(text, ":")
	parts[2] in {"kms", "*"}
	not _is_alias(text)
}

_is_alias(text) if {
	parts := split(text, ":")
	parts[2] == "kms"
	startswith(parts[5], "alias/")
}
