package keypolicy.lib

# is_all reports whether an action represents all that KMS has, and for what it will have.
is_all(action) if action.does.all

# of_kms reports whether an action is written as one of KMS.
of_kms(action) if lower(action.service) == "kms"

# other_account reports whether a principal is of another account than the key's.
other_account(p) if {
	p.relation in {"other", "trusted"}
	p.element == "AWS"
}

# is_own_account reports whether a principal is the key's account itself, or whether this is not known.
is_own_account(p) if {
	p.kind == "account"
	p.relation in {"own", "unknown"}
}
