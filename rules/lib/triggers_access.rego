# Triggers of what access says: no and unknown alike, where yes is good, and the other way round.
package keypolicy.lib.triggers

_all contains "access.lockout" if {
	_asked
	not _is_safe(input.access.lockout)
}

_is_safe(l) if {
	l.editors == "always"
	l.durable == "yes"
	l.account == "always"
	l.undenied == "always"
	count(l.denied_by) == 0
}

_asked if input.policy.statements

# Of the policy as a whole, a statement says nothing.
_all contains name if {
	input.statement
	some name in {"access.lockout", "access.external", "access.public", "access.able", "access.unattested"}
}

_all contains "access.external" if {
	_asked
	not object.get(input, ["access", "external"], null) == []
}

_all contains "access.external" if {
	_asked
	input.access.external_undecided
}

_all contains "access.public" if {
	_asked
	not object.get(input, ["access", "public"], "unknown") == "no"
}

_all contains "access.able" if {
	_asked
	not _is_able
}

_is_able if {
	every answer in object.remove(input.access.able, ["undecided"]) { answer == "yes" }
}

_all contains "access.unattested" if {
	_asked
	not _is_attested
}

_is_attested if {
	count(input.access.unattested.direct) + count(input.access.unattested.delegated) == 0
	not input.access.unattested.undecided
}

_all contains "access.confused_deputy" if {
	_asked
	not object.get(input, ["access", "confused_deputy"], null) == []
}

_all contains "access.confused_deputy" if {
	input.statement
	not object.get(input, ["statement", "access", "confused_deputy"], null) == []
}

_all contains "access.confused_deputy" if {
	_asked
	input.access.confused_deputy_undecided
}

_all contains "access.confused_deputy" if input.statement.access.confused_deputy_undecided

_accesses := [input.statement.access]

_accesses := input.access.statements if not input.statement

_all contains "access.statements" if {
	some said in _accesses
	object.get(said, "status", "unknown") != "live"
}

_all contains "access.stranger" if {
	some said in _accesses
	said.stranger.answer != "no"
}
