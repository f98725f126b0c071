# METADATA
# title: Public access despite conditions
# description: >-
#   An Allow to "*" is for everyone in every AWS account who meets its conditions. This rule reports one whose
#   conditions a stranger meets, that is a caller whose account and organization neither the policy nor the
#   configuration's trust names, from a network that the policy does not name. Conditions that limit how somebody
#   calls, but not who calls, let strangers in.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   access: [stranger]
#   remedy: >-
#     Add kms:CallerAccount, aws:PrincipalOrgID or aws:PrincipalArn under StringEquals or ArnLike, with accounts that
#     you know.
package keypolicy.rules.exposure["public-access"]

import data.keypolicy.lib

findings contains finding if {
	st := input.statement
	st.effect.text == "Allow"
	not lib.is_unconditional(st)
	some p in array.slice([p | some p in st.principals; p.kind == "anyone"; p.list == ""], 0, 1)
	not _is_malformed(st)
	more := lib.by_stranger(st.access.stranger)
	reason := _reason(st)
	where := _place(reason, p)
	message := sprintf("statement %s %s: %s", [lib.name(st), _lets(st), _because(reason, st)])
	finding := object.union_n([lib.among(lib.because(reason, lib.at(where.paths[0], message)), where.paths), {"at": where.at}, more])
}

# What is undecided only because of a condition that rules on conditions report.
_is_malformed(st) if {
	st.access.stranger.answer == "unknown"
	lib.has_malformed(st)
}

# How AWS compares an account's digits as a date, for example, it does not say: the operator is at fault.
_is_malformed(st) if {
	some condition in st.conditions
	lib.mismatched(condition)
	not lib.absent_passes(condition)
}

_lets(st) := "lets anyone in any AWS account in" if st.access.stranger.answer == "yes"

_lets(st) := "may let anyone in any AWS account in, but this could not be decided" if st.access.stranger.answer == "unknown"

_reason(_) := [reason | some reason in _order; count(_at_fault[reason]) > 0][0] if _any

_reason(st) := "via-service-without-caller" if {
	not _any
	_via_service(st)
}

_reason(st) := "public-with-nonrestricting-condition" if {
	not _any
	not _via_service(st)
}

_any if {
	some reason in _order
	count(_at_fault[reason]) > 0
}

_order := ["public-with-negated-condition", "public-with-ifexists", "public-with-forallvalues", "public-with-wildcard-value"]

# The conditions that would say who calls, by what is wrong with them.
_at_fault["public-with-negated-condition"] := [c |
	some c in _who
	c.operator.negated
	not c.operator.if_exists
]

_at_fault["public-with-ifexists"] := array.concat([c | some c in _who; c.operator.if_exists], [c |
	some c in _who
	c.operator.base == "Null"
	lib.absent_passes(c)
])

_at_fault["public-with-forallvalues"] := [c |
	some c in _who
	c.operator.set == "ForAllValues"
	not c.operator.negated
	not c.operator.if_exists
]

_at_fault["public-with-wildcard-value"] := [c |
	some c in _who
	not lib.absent_passes(c)
	c.operator.base != "Null"
]

_who := [c |
	some c in input.statement.conditions
	lower(c.key.name) in lib.caller_keys
]

_via_service(st) if {
	some condition in st.conditions
	lower(condition.key.name) == "kms:viaservice"
	not lib.absent_passes(condition)
}

# The smallest thing that is wrong: the operator, the value or the principal.
_place(reason, _) := {"paths": [c.operator.path | some c in _at_fault[reason]], "at": "key"} if reason in {"public-with-negated-condition", "public-with-ifexists", "public-with-forallvalues"}

_place("public-with-wildcard-value", _) := {"paths": [v.path | some v in _widest], "at": "value"}

_widest := wide if {
	wide := [v | some c in _at_fault["public-with-wildcard-value"]; some v in c.values; _is_wide(v.text)]
	count(wide) > 0
} else := [v | some c in _at_fault["public-with-wildcard-value"]; some v in c.values]

# A pattern, or a range of addresses that is half of the internet or more.
_is_wide(text) if regex.match(`[*?]`, text)

_is_wide(text) if regex.match(`/[01]$`, text)

_place(reason, p) := {"paths": [p.path], "at": "value"} if reason in {"via-service-without-caller", "public-with-nonrestricting-condition"}

_because(reason, st) := "a tag of the caller does not say whose it is: every account tags its own users and roles" if {
	reason == "public-with-nonrestricting-condition"
	_asks_for_tag(st)
} else := sprintf("its condition asks for any `%s`, and not for a certain one", [_any_value]) if {
	reason == "public-with-nonrestricting-condition"
	_any_value
} else := _why[reason]

_asks_for_tag(st) if {
	some condition in st.conditions
	startswith(lower(condition.key.name), "aws:principaltag/")
}

# A key that says who calls, of which only the presence is asked for.
_any_value := [c.key.text | some c in _who; c.operator.base == "Null"; not lib.absent_passes(c)][0]

_why := {
	"public-with-negated-condition": "its condition names who is kept out, and everyone else gets in",
	"public-with-ifexists": "a request without the condition key meets its condition",
	"public-with-forallvalues": "a request without the condition key meets `ForAllValues`",
	"public-with-wildcard-value": "this value matches everyone",
	"via-service-without-caller": "`kms:ViaService` limits through which service somebody calls, but not who",
	"public-with-nonrestricting-condition": "its conditions limit how somebody calls, but not who",
}
