package keypolicy.lib

# is_all says that an action stands for all that KMS has, and for what it will have.
is_all(action) if action.does.all

# of_kms says that an action is written as one of KMS.
of_kms(action) if lower(action.service) == "kms"

# other_account says that a principal is of another account than the key's.
other_account(p) if {
	p.relation in {"other", "trusted"}
	p.element == "AWS"
}

# is_own_account says that a principal is the key's account itself, or that this cannot be told.
is_own_account(p) if {
	p.kind == "account"
	p.relation in {"own", "unknown"}
}
