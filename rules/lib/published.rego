# What AWS's pages publish for services. services are the facts of the input.
package keypolicy.lib

# is_unlisted reports whether no page that is known says how the service calls KMS, or by what condition a statement says for whom.
is_unlisted(service, services) if {
	count(services[service.text].published_grant) == 0
	every documented in services[service.text].documented {
		count(documented.limits) == 0
	}
}

# is_published_grant reports whether AWS's pages give the statement so, and do not say whether the service sends a key that says for whom it acts.
is_published_grant(st, services) if {
	every p in st.principals {
		is_published_for(st, p, services)
	}
}

# is_published_for reports whether they give it so for a principal.
is_published_for(_, p, _) if p.kind in {"user", "role"}

is_published_for(st, p, services) if {
	p.kind == "service"
	every action in st.actions {
		every name in action.effective {
			name in services[p.text].published_grant
		}
	}
}

# is_documented reports whether AWS's pages give the statement so, and require no more.
is_documented(st, p, services) if {
	not has_key(st, source_keys)
	is_published(st, p, services)
}

# is_published reports whether AWS's pages give the statement so, for a use in which the service sends no key that says for whom.
is_published(st, p, services) if {
	count(st.not_actions) == 0
	some documented in services[p.text].documented
	not _is_opened(st, documented.keys)
	every key in documented.keys {
		not key in source_keys
		has_key_text(st, key)
	}
	actions := {action | some action in documented.actions}
	every action in st.actions {
		every name in action.effective {
			name in actions
		}
	}
}

# A context of the page that may be anything. One that the page does not ask for lets in less.
_is_opened(st, keys) if {
	some key in keys
	startswith(lower(key), "kms:encryptioncontext:")
	has_open_context(st)
}

# by_page says in a message that a statement is as on AWS's page.
by_page(st, principals, services) := ", as on AWS's page" if {
	not only_looks(st)
	every p in principals { is_documented(st, p, services) }
} else := ", as on AWS's page" if {
	gives(st, "kms:CreateGrant")
	is_published_grant(st, services)
	is_unconditional(st)
} else := ""
