# How grave it is that a service acts for any account. known are the facts of the input on services.
package keypolicy.lib

# deputy_severity is the severity of a statement that lets services act for any account.
deputy_severity(st, services, known) := "info" if _are_mild(st, services, known)

deputy_severity(st, services, known) := "error" if {
	not _are_mild(st, services, known)
	_is_grave(st, services, known)
}

deputy_severity(st, services, known) := "warning" if {
	not _are_mild(st, services, known)
	not _is_grave(st, services, known)
}

# Whoever drives the service administers the key, or has a grant made to anyone.
_is_grave(st, _, _) if {
	some action in st.actions
	some name in action.administrative
	not name in {"kms:CreateGrant", "kms:RevokeGrant"}
}

_is_grave(st, _, _) if count(st.not_actions) > 0

_is_grave(st, services, known) if {
	gives(st, "kms:CreateGrant")
	not asks(st, {"kms:GrantIsForAWSResource"})
	some service in services
	not is_published_for(st, service, known)
	not is_unlisted(service, known)
}

_are_mild(st, services, known) if {
	every p in services {
		is_mild(st, p, known)
	}
}

# is_mild reports whether it is info for one of the services.
is_mild(st, _, _) if only_looks(st)

# AWS's pages give the statement so, for a use in which the service sends no such key. More conditions let in less.
is_mild(st, p, known) if is_published(st, p, known)

# It is limited by the encryption context, if not to one account.
is_mild(st, _, _) if {
	not has_open_context(st)
	some condition in st.conditions
	is_context(condition)
	every value in condition.values {
		is_context_of_someone(value.text)
	}
}
