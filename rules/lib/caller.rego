package keypolicy.lib

# is_unconditional reports whether a statement has no condition. A Condition that is there and empty limits nothing; one that
# could not be read is another rule's.
is_unconditional(st) if {
	count(st.conditions) == 0
	not _has_unreadable_condition(st)
}

_has_unreadable_condition(st) if {
	some problem in st.problems
	"Condition" in problem.path
}

# by_stranger is the part of a finding, such as its severity, that follows from the answer to whether a stranger
# gets in; it is undefined where none does. What AWS's pages leave open is a warning. What is still to be filled in
# is another rule's. What could not be determined has the rule's own severity: a gate must not pass what it could
# not decide.
by_stranger(answer) := {"witness": answer.witness} if answer.answer == "yes"

by_stranger(answer) := {"severity": "warning"} if answer.undecided == "open"

by_stranger(answer) := {} if answer.undecided == "budget"

# has_key_text is has_key for one key as it is written, in lower case.
has_key_text(st, key) if {
	some condition in st.conditions
	lower(condition.key.text) == key
}

# has_wrong_service_key reports whether a statement for services requires something that does not say for whom they act, and nothing that does.
has_wrong_service_key(st) if {
	has_key(st, wrong_service_keys)
	not has_key(st, source_keys)
	not _asks_for_context(st)
	every p in st.principals {
		p.kind == "service"
	}
}

_asks_for_context(st) if {
	some condition in st.conditions
	startswith(lower(condition.key.text), "kms:encryptioncontext")
	not absent_passes(condition)
}

# has_wide_source reports whether a statement's aws:SourceArn is of more than one account.
has_wide_source(st) if {
	some condition in st.conditions
	some value in condition.values
	is_wide_source(condition, value)
}

# is_wide_source reports whether a value of aws:SourceArn matches more than one account.
is_wide_source(condition, value) if {
	lower(condition.key.name) == "aws:sourcearn"
	not absent_passes(condition)
	not value.variable
	_is_of_any(split(value.text, ":"))
}

_is_of_any(parts) if {
	count(parts) < 6
	regex.match(`[*]`, parts[count(parts) - 1])
}

_is_of_any(parts) if {
	count(parts) >= 6
	regex.match(`[*?]`, parts[4])
}

_is_of_any(parts) if {
	count(parts) >= 6
	parts[4] == ""
	regex.match(`^[*?]*$`, parts[5])
}

# source_conditions are the conditions on a key, in lower case, that ask for values of it.
source_conditions(st, key) := [condition |
	some condition in st.conditions
	lower(condition.key.name) == key
	condition.operator.family in {"String", "Arn"}
	not absent_passes(condition)
	count(condition.values) > 0
]

# source_accounts_differ reports whether a statement requires aws:SourceArn of accounts other than those that it requires in
# aws:SourceAccount.
source_accounts_differ(st) if {
	some account in source_conditions(st, "aws:sourceaccount")
	accounts := {value.text | some value in account.values}
	every text in accounts {
		is_account_id(text)
	}
	some condition in source_conditions(st, "aws:sourcearn")
	every value in condition.values {
		_is_of_another(split(value.text, ":"), accounts)
	}
}

_is_of_another(parts, accounts) if {
	count(parts) >= 6
	is_account_id(parts[4])
	not parts[4] in accounts
}

# uses_callers reports whether a service uses keys with its callers' credentials or by grants, and rarely as itself. services
# are the facts of the input.
uses_callers(name, services) if services[name].caller.name != ""

# only_looks reports whether a statement allows neither use nor administration of the key, as one for kms:DescribeKey only.
only_looks(st) if {
	count(st.not_actions) == 0
	every action in st.actions {
		count(action.cryptographic) == 0
		count(action.administrative) == 0
	}
}

# by_outsider is the former name of by_stranger.
by_outsider(answer) := by_stranger(answer)

# administration are the administrative actions that an entry of Action matches, except kms:CreateGrant and kms:RevokeGrant,
# which services need for the resources that they run.
administration(action) := [name | some name in action.administrative; not name in {"kms:CreateGrant", "kms:RevokeGrant"}]

# administering are the entries of a statement's Action by which one of its services administers the key.
administering(st, services) := [action |
	some action in st.actions
	count([p | some p in services; able(p, administration(action))]) > 0
]

# acts_for_anyone reports whether a service of a statement can act for any account, because no condition limits for whom.
acts_for_anyone(st, p) if {
	some deputy in st.access.confused_deputy
	deputy.service == p.text
	not has_wrong_service_key(st)
	not has_wide_source(st)
	every condition in st.conditions {
		not _may_say_for_whom(condition)
	}
}

_may_say_for_whom(condition) if {
	lower(condition.key.name) in source_keys
	not absent_passes(condition)
}

_may_say_for_whom(condition) if startswith(lower(condition.key.text), "kms:encryptioncontext")
