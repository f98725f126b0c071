# What a subject has for rules to check: the names that METADATA's `when` takes. The engine finds them without Rego, in one
# walk, and a test holds its answers against these.
package keypolicy.lib.triggers

# found are the triggers of the input. What could not be read has all of them.
found contains name if {
	_unread
	some name in _names
}

found contains name if {
	not _unread
	some name in _all
}

_unread if count(_problems) > 0

_unread if {
	some f in input.spec.fields
	f.form == "lists"
	not f.type in {"list", "null"}
}

_problems := array.concat(object.get(input, ["policy", "problems"], []), object.get(input, ["statement", "problems"], []))

_statements := [input.statement]

_statements := input.policy.statements if not input.statement

_names := {
	"faults", "conditions", "services", "denies", "odd_actions", "not_elements", "resources", "faulty_principals", "anyone",
	"users", "user_arns", "sessions", "federated", "reserved_roles", "other_partitions", "other_accounts", "own_account",
	"repeated_principals", "both_duties", "mixed_patterns", "mixed_duties", "wide_names", "use", "open_grants", "imports",
	"replication", "repeated_statements", "repeated_sids", "characters", "variables", "placeholders", "large", "unfit_actions", "rsa_key", "local_actions", "edits", "outside_edits", "opt_in_region", "unknown_account", "trust",
	"forms", "empty_lists", "odd_entries", "numbers", "expectations", "uses", "aliases", "holes", "related_files", "access.lockout", "access.external",
	"access.public", "access.stranger", "access.confused_deputy", "access.statements", "access.able", "access.unattested",
}

# Of the surroundings.

_all contains "rsa_key" if startswith(input.key.spec, "RSA_")

_all contains "opt_in_region" if input.key.opt_in

_all contains "unknown_account" if input.key.account == ""

_all contains "trust" if input.trust.given

# Of all files of a run.

_all contains "related_files" if count(input.groups) > 0
