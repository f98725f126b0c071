package keypolicy.lib

# is_other_key reports whether a resource is for sure not the key that the policy is for: an ARN of KMS with another Region,
# another account or another id. A pattern may be the key.
is_other_key(text, key) if {
	parts := split(text, ":")
	count(parts) == 6
	parts[2] == "kms"
	_differs(parts, key)
}

# may_be_key reports whether a resource is the ARN of a key, or a pattern of such, and can be the key that the policy is for.
may_be_key(text, key) if {
	parts := split(text, ":")
	count(parts) == 6
	parts[2] == "kms"
	startswith(parts[5], "key/")
	_may_be_account(parts[4], key)
	not is_other_key(text, key)
}

_may_be_account(written, key) if written in {key.account, "*"}

_may_be_account(_, key) if key.account == ""

_differs(parts, key) if _is_different(parts[3], key.region)

# An account that was taken from the policy itself proves nothing against the policy.
_differs(parts, key) if {
	key.account_from != "policy"
	_is_different(parts[4], key.account)
}

_differs(parts, key) if {
	startswith(key.id, "arn:")
	startswith(parts[5], "key/")
	_is_different(parts[5], split(key.id, ":")[5])
	not startswith(split(key.id, ":")[5], "alias/")
}

_is_different(written, known) if {
	known != ""
	written != known
	not _is_pattern(written)
}

_is_pattern(text) if contains(text, "*")

_is_pattern(text) if contains(text, "?")

_is_pattern(text) if contains(text, "$")
