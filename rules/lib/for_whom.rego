# Whom the conditions of a statement for services name: the accounts and organizations that a service may act for.
package keypolicy.lib

# names_for_whom reports whether conditions name for whom services may act. Whom they name they name on purpose; whether these are
# approved is the question of another rule.
names_for_whom(st) if {
	some condition in st.conditions
	lower(condition.key.name) in source_keys
	not absent_passes(condition)
	condition.operator.base != "Null"
	every value in condition.values {
		_names(condition, value)
	}
}

names_for_whom(st) if names_accounts(st)

# names_accounts reports whether the encryption context names accounts: the one that a service sets has the account that it acts for.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-create-storage-key.html
names_accounts(st) if {
	some condition in st.conditions
	is_context(condition)
	startswith(lower(condition.key.text), "kms:encryptioncontext:aws:")
	condition.operator.base != "Null"
	every value in condition.values {
		account_in(value.text)
	}
}

# account_in is the account that a value is, or that is in it if it is an ARN.
account_in(text) := text if is_account_id(text)

account_in(text) := account if {
	startswith(text, "arn:")
	account := split(text, ":")[4]
	is_account_id(account)
}

# An account or an organization by its whole id, and an ARN, whose account another rule looks at. A bucket's has none.
_names(condition, value) if {
	lower(condition.key.name) == "aws:sourcearn"
	not _is_without_account(split(value.text, ":"))
}

_is_without_account(parts) if {
	count(parts) >= 6
	parts[4] == ""
}

_names(condition, value) if {
	lower(condition.key.name) != "aws:sourcearn"
	not regex.match(`[*?]`, split(value.text, "/")[0])
}

# is_context reports whether a condition on the encryption context limits a service.
is_context(condition) if {
	startswith(lower(condition.key.text), "kms:encryptioncontext")
	not absent_passes(condition)
}

# has_context reports whether a statement has such a condition.
has_context(st) if {
	some condition in st.conditions
	is_context(condition)
}

# accounts_in are the accounts that a condition names, sorted.
accounts_in(condition) := sort({account |
	some value in condition.values
	account := account_in(value.text)
})

# has_open_context reports whether a context that the service sets may be anything.
has_open_context(st) if {
	some condition in st.conditions
	startswith(lower(condition.key.text), "kms:encryptioncontext:aws:")
	condition.operator.wildcards
	some value in condition.values
	regex.match(`^[*?]+$`, value.text)
}

# is_context_of_someone reports whether a context is not an ARN, or the ARN of something in one account.
is_context_of_someone(text) if {
	not startswith(text, "arn:")
	not regex.match(`^[*?]*$`, text)
}

is_context_of_someone(text) if {
	startswith(text, "arn:")
	parts := split(text, ":")
	count(parts) > 5
	not regex.match(`[*?]`, parts[4])
}

# why_for_anyone says why a statement lets services act for any account.
why_for_anyone(st) := "no condition says for whom" if {
	not has_key(st, source_keys)
	not has_context(st)
}

why_for_anyone(st) := "only the encryption context says for whom" if {
	not has_key(st, source_keys)
	has_context(st)
}

why_for_anyone(st) := "requests without the condition key meet its condition" if {
	has_key(st, source_keys)
	_passes(st)
}

why_for_anyone(st) := "its condition matches every account" if {
	has_key(st, source_keys)
	not _passes(st)
}

_passes(st) if {
	some condition in st.conditions
	lower(condition.key.name) in source_keys
	absent_passes(condition)
}

# whose_accounts says whose accounts a condition names; own is the key's.
whose_accounts(condition, own) := sprintf(": to account %s, which is not the key's", [concat(" and ", others)]) if {
	others := [account | some account in accounts_in(condition); account != own]
	count(others) > 0
	own != ""
} else := ": to the key's own account" if {
	accounts_in(condition) == [own]
} else := ""
