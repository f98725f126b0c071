package keypolicy.lib

# is_all reports whether an action matches all actions of KMS, including future ones, such as kms:*.
is_all(action) if action.does.all

# of_kms reports whether an action is written with the prefix kms.
of_kms(action) if lower(action.service) == "kms"

# other_account reports whether a principal belongs to another account than the key.
other_account(p) if {
	p.relation in {"other", "trusted"}
	p.element == "AWS"
}

# is_own_account reports whether a principal is the key's account itself, or whether this is not known.
is_own_account(p) if {
	p.kind == "account"
	p.relation in {"own", "unknown"}
}
