# METADATA
# title: Intended use of the key is not allowed
# description: >-
#   `used_by` says what a key is for, and AWS documents what each service then requests: as which principal, with
#   which actions and with which condition keys. If the policy does not allow it, the service fails at run time,
#   often long after the policy was written and without saying why. The requests are decided as `keypolicy simulate`
#   decides them. What AWS's pages leave open is a warning; what identity policies or a grant still have to allow is
#   info.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/service-integration.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html
# custom:
#   severity: error
#   subject: [spec, policy]
#   when: [uses]
#   remedy: >-
#     Include the service's template, or write the statement from its guide. `keypolicy explain USE` shows what a use
#     needs.
package keypolicy.rules.services["service-cannot-use-key"]

import data.keypolicy.lib

_uses := input.spec.used_by

_uses := input.policy.used_by

findings contains finding if {
	some use in _uses
	some outcome in use.outcomes
	outcome.verdict == "refused"
	not outcome.wrong_key
	not outcome.wrong_region
	refused := [r | some r in outcome.requests; r.verdict == "refused"]
	message := sprintf("%s cannot use the key for %s%s: %s is not allowed %s%s", [
		use.service, use.what, _where(outcome), _who(refused), lib.several(_distinct([r.action | some r in refused])), _why(refused),
	])
	finding := _editing(lib.remedied(_beside(lib.because(_reason(refused), _at(use, message)), refused), _help(use, refused)), use)
}

findings contains finding if {
	some use in _uses
	some outcome in use.outcomes
	outcome.wrong_key
	message := sprintf("%s cannot use the key for %s%s: that needs a key of spec %s and usage %s, and this one has spec %s and usage %s", [
		use.service, use.what, _where(outcome), use.key_spec, use.key_usage, input.key.spec, input.key.usage,
	])
	finding := lib.remedied(lib.because("key", _at(use, message)), "use another key for it, or correct `key_spec` and `key_usage` to those of the key")
}

findings contains finding if {
	some use in _uses
	some outcome in use.outcomes
	outcome.wrong_region
	needed := lib.several(use.key_regions)
	message := sprintf("%s cannot use the key for %s%s: that needs a key in %s, and this one is in %s", [use.service, use.what, _where(outcome), needed, lib.several(use.regions)])
	finding := lib.remedied(lib.because("region", _at(use, message)), sprintf("use a key in %s for it, or correct the Region to that of the key", [needed]))
}

findings contains finding if {
	some use in _uses
	some outcome in use.outcomes
	outcome.verdict == "unknown"
	outcome.open_region
	needed := lib.several(use.key_regions)
	message := sprintf("whether %s can use the key for %s%s is not known: that needs a key in %s, and the Region of this one is not known", [use.service, use.what, _where(outcome), needed])
	finding := _milder(lib.remedied(lib.because("undecided", _at(use, message)), "write the Region of the key"), "info")
}

findings contains finding if {
	some use in _uses
	some outcome in use.outcomes
	outcome.verdict == "not_documented"
	doubtful := [r | some r in outcome.requests; r.verdict == "not_documented"]
	keys := _distinct([o.key | some r in doubtful; some o in r.obstacles; o.undocumented])
	message := sprintf("whether %s can use the key for %s%s depends on %s: AWS's page does not say that the service sends it", [use.service, use.what, _where(outcome), lib.several(keys)])
	finding := _milder(lib.remedied(_beside(lib.because("not-documented", _at(use, message)), doubtful), sprintf("see what the service sends on %s", [use.page])), _doubt(use))
}

findings contains finding if {
	some use in _uses
	some outcome in use.outcomes
	outcome.verdict == "unknown"
	unknown := [r | some r in outcome.requests; r.verdict == "unknown"]
	count(unknown) > 0
	message := sprintf("whether %s can use the key for %s%s is not known: %s", [use.service, use.what, _where(outcome), concat(" ", _distinct([reason | some r in unknown; some reason in r.reasons]))])
	finding := _milder(lib.because("undecided", _at(use, message)), _exit(unknown))
}

findings contains finding if {
	some use in _uses
	some outcome in use.outcomes
	outcome.verdict == "needs_identity_policy"
	waiting := [r | some r in outcome.requests; r.verdict == "needs_identity_policy"]
	message := sprintf("whether %s can use the key for %s%s depends on an identity policy of its caller, which has to allow %s%s", [
		use.service, use.what, _where(outcome), lib.several(_distinct([r.action | some r in waiting])), _needs(use),
	])
	finding := _milder(lib.remedied(lib.because(_hangs(use), _at(use, message)), sprintf("`keypolicy explain %s` shows what is needed", [use.name])), "info")
}

findings contains finding if {
	some use in _uses
	some outcome in use.outcomes
	outcome.verdict == "fulfilled"
	use.needs != ""
	message := sprintf("the policy lets %s use the key for %s%s%s", [use.service, use.what, _where(outcome), _needs(use)])
	finding := _milder(lib.remedied(lib.because(_hangs(use), _at(use, message)), sprintf("`keypolicy explain %s` shows what is needed", [use.name])), "info")
}

# Where any user or role will do, one of them represents the others.
_who(requests) := sprintf("no user or role is allowed everything that this needs, and the closest one, %s,", [_principals(requests)]) if _has_caller(requests, "nearest")

_who(requests) := sprintf("a user or role such as %s", [_principals(requests)]) if {
	_has_caller(requests, "example")
	not _has_caller(requests, "nearest")
}

_who(requests) := _principals(requests) if {
	every r in requests { r.caller == "given" }
}

_has_caller(requests, caller) if {
	some r in requests
	r.caller == caller
}

_principals(requests) := lib.several(_distinct([r.principal | some r in requests]))

# What a Deny keeps out, no statement lets in.
_editing(finding, use) := object.union(finding, {"edits": use.additions}) if _is_edited(finding, use)

_editing(finding, use) := finding if not _is_edited(finding, use)

_is_edited(finding, use) if {
	finding.reason != "denied"
	count(use.additions) > 0
}

_hangs(use) := "grant" if use.way == "grant"

_hangs(use) := "identity-policy" if use.way != "grant"

_needs(use) := "" if use.needs == ""

_needs(use) := sprintf("; %s", [lib.phrase(use.needs)]) if use.needs != ""

# What a caller sends of its own is for the caller to see to.
_doubt(use) := "warning" if use.way == "key_policy"

_doubt(use) := "info" if use.way != "key_policy"

# A gate must not pass what could not be worked out.
_exit(unknown) := "error" if {
	some r in unknown
	r.undecided == "budget"
} else := "warning" if {
	some r in unknown
	r.undecided == "open"
} else := "info"

_milder(finding, severity) := object.union(finding, {"severity": severity})

# A plain document has no entry: its statements are at fault.
_at(use, message) := lib.at_key(use.path, message) if {
	input.policy
	count(use.path) > 0
}

_at(use, message) := lib.at(use.path, message) if input.spec

_at(use, message) := lib.at(use.path, message) if count(use.path) == 0

_where(outcome) := "" if count(outcome.regions) == 0

_where(outcome) := sprintf(" in %s", [concat(", ", outcome.regions)]) if count(outcome.regions) > 0

_distinct(items) := [item | some i, item in items; not item in array.slice(items, 0, i)]

_obstacles(requests) := _distinct([o | some r in requests; some o in r.obstacles])

_of(requests, kind) := [o | some o in _obstacles(requests); o.kind == kind; not o.undocumented] if kind != "deny"

_of(requests, "deny") := [o | some o in _obstacles(requests); o.kind == "deny"]

_reason(requests) := "denied" if count(_of(requests, "deny")) > 0

_reason(requests) := "condition" if {
	count(_of(requests, "deny")) == 0
	count(_of(requests, "condition")) > 0
}

_reason(requests) := "statement" if {
	count(_of(requests, "deny")) == 0
	count(_of(requests, "condition")) == 0
}

_why(requests) := sprintf(", because of statement %s", [lib.several(_distinct([o.statement | some o in _of(requests, "deny")]))]) if _reason(requests) == "denied"

_why(requests) := sprintf(", because of the condition on %s%s", [lib.several(keys), _unsent(requests)]) if {
	_reason(requests) == "condition"
	keys := _distinct([o.key | some o in _of(requests, "condition")])
}

_why(requests) := sprintf(", and statement %s is for another principal", [lib.several(_distinct([o.statement | some o in _of(requests, "principal")]))]) if {
	_reason(requests) == "statement"
	count(_of(requests, "principal")) > 0
}

_why(requests) := sprintf(", because of the actions of statement %s", [lib.several(_distinct([o.statement | some o in _of(requests, "action")]))]) if {
	_reason(requests) == "statement"
	count(_of(requests, "principal")) == 0
	count(_of(requests, "action")) > 0
}

_why(requests) := " for this key" if {
	_reason(requests) == "statement"
	count(_of(requests, "principal")) + count(_of(requests, "action")) == 0
	count(_of(requests, "resource")) > 0
}

_why(requests) := ": only identity policies could allow it, and those of this role cannot be changed" if {
	count(_obstacles(requests)) == 0
	some r in requests
	r.decision == "needs_identity_policy"
}

_why(requests) := ", and no statement is for it" if {
	count(_obstacles(requests)) == 0
	every r in requests { r.decision != "needs_identity_policy" }
}

_unsent(requests) := ", which the service does not send here" if {
	some o in _of(requests, "condition")
	o.not_sent
}

_unsent(requests) := "" if {
	every o in _of(requests, "condition") { not o.not_sent }
}

_beside(finding, requests) := lib.beside_all(finding, [{"path": o.path, "message": _words(o)} | some o in _obstacles(requests)])

_words(o) := sprintf("statement `%s` denies it", [o.statement]) if o.kind == "deny"

_words(o) := sprintf("the condition on `%s` of statement `%s` is not met: the service does not send the key here", [o.key, o.statement]) if {
	o.kind == "condition"
	o.not_sent
}

_words(o) := sprintf("the condition on `%s` of statement `%s` is not met", [o.key, o.statement]) if {
	o.kind == "condition"
	not o.not_sent
	not o.undocumented
}

_words(o) := sprintf("the condition on `%s` of statement `%s` is not met unless the service sends the key here, which its page does not say", [o.key, o.statement]) if {
	o.kind == "condition"
	o.undocumented
}

_words(o) := sprintf("statement `%s` does not include the action", [o.statement]) if o.kind == "action"

_words(o) := sprintf("statement `%s` does not include this key", [o.statement]) if o.kind == "resource"

_words(o) := sprintf("statement `%s` is for another principal", [o.statement]) if o.kind == "principal"

_help(_, requests) := sprintf("except the request from statement %s", [lib.several(_distinct([o.statement | some o in _of(requests, "deny")]))]) if {
	_reason(requests) == "denied"
}

_help(use, requests) := sprintf("add to `include`: `%s`", [use.include]) if {
	_reason(requests) != "denied"
	use.include != ""
	input.form in {"lists", "template", "default"}
}

_help(use, requests) := sprintf("add the statement `%s`", [concat("`, `", use.offered)]) if {
	_reason(requests) != "denied"
	count(use.offered) > 0
	not input.form in {"lists", "template", "default"}
}

_help(use, requests) := sprintf("`keypolicy explain %s` shows what the use needs; it is documented on %s", [use.name, use.page]) if {
	_reason(requests) != "denied"
	not _is_offered(use)
}

_is_offered(use) if {
	use.include != ""
	input.form in {"lists", "template", "default"}
}

_is_offered(use) if {
	count(use.offered) > 0
	not input.form in {"lists", "template", "default"}
}
