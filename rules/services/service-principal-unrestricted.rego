# METADATA
# title: Service principal without a source condition
# description: >-
#   A service calls KMS on behalf of any customer who asks it to. Without a condition that says for whom, another
#   account can make it use your key (the confused deputy). aws:SourceAccount, aws:SourceArn and aws:SourceOrgID say
#   for whom; for CloudWatch Logs, Fargate and S3 Tables the encryption context does. Many of AWS's pages show such
#   a statement without a condition, so use of the key is a warning; administration, kms:* and kms:CreateGrant
#   without kms:GrantIsForAWSResource are errors. kms:CreateGrant is a warning if AWS's page shows exactly that
#   statement, or if no page is known that says which condition limits the service. A statement for "*" lets
#   services in too, unless it or a Deny keeps them out. If AWS's pages say that the service sends no such key, or
#   the statement allows neither use nor administration of the key, the finding is info.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html
# custom:
#   severity: warning
#   subject: statement
#   when: [services, anyone]
#   access: [confused_deputy, left, stranger]
#   remedy: >-
#     Limit the service by the condition that its own page shows, which is aws:SourceAccount with your account,
#     aws:SourceArn with the resource, or the encryption context.
package keypolicy.rules.services["service-principal-unrestricted"]

import data.keypolicy.lib

findings contains finding if {
	st := input.statement
	not _is_told(st)
	services := [p | some p in st.principals; _is_deputy(st, p)]
	count(services) > 0
	actions := lib.administering(st, services)
	message := sprintf("statement %s lets %s %s the key for any AWS account: %s%s", [
		lib.name(st), _called(services), _verb(actions), lib.why_for_anyone(st), lib.by_page(st, services, input.facts.services),
	])
	finding := object.union(
		_advised(_at_services(services, message), st, [p.text | some p in services], actions),
		{"severity": lib.deputy_severity(st, services, input.facts.services), "witness": _witness(st, services[0])},
	)
}

_at_services(services, message) := lib.among(lib.at(services[0].path, message), [p.path | some p in services])

_verb(actions) := "use" if {
	count(actions) == 0
} else := "administer"

_advised(finding, st, services, actions) := lib.limited(finding, st, services, input) if count(actions) == 0

# Only a condition leaves the service the administration.
_advised(finding, st, services, actions) := lib.remedied(finding, sprintf("in place of %s, write the actions that the service's guide lists; %s", [
	lib.several([action.text | some action in actions]), lib.source_advice(st, services, input).ask,
])) if {
	count(actions) > 0
}

_is_deputy(st, p) if {
	p.kind == "service"
	not _is_vain(st, p) # another rule reports it
	some deputy in st.access.confused_deputy
	p.text == deputy.service
}

_is_vain(st, p) if {
	lib.uses_callers(p.text, input.facts.services)
	not lib.only_looks(st)
}

_witness(st, p) := [deputy.witness | some deputy in st.access.confused_deputy; deputy.service == p.text][0]

_called(services) := concat(" and ", [text |
	names := [lib.code(p.text) | some p in services]
	last := count(names) - 1
	some text in [concat(", ", array.slice(names, 0, last)), names[last]]
	text != ""
])

# A statement for everyone is for services too. Where it lets other outsiders in, rules of their own report it.
findings contains finding if {
	st := input.statement
	everyone := _everyone(st)
	not _is_told(st)
	services := [{"text": deputy.service} | some deputy in st.access.confused_deputy; not _is_named(st, deputy.service)]
	count(services) > 0
	message := sprintf("statement %s lets %s use the key for any AWS account: %s", [lib.name(st), _admitted(services), lib.why_for_anyone(st)])
	finding := object.union(
		lib.remedied(lib.at(everyone.path, message), _advice(st)),
		{"severity": lib.deputy_severity(st, services, input.facts.services), "witness": _witness(st, services[0])},
	)
}

_everyone(st) := p if {
	st.effect.text == "Allow"
	st.access.stranger.answer == "no"
	p := [q | some q in st.principals; q.kind == "anyone"][0]
}

_is_named(st, service) if {
	some p in st.principals
	p.kind == "service"
	p.text == service
}

_admitted(services) := "AWS services" if _any_other in {p.text | some p in services}

_admitted(services) := _called(services) if not _any_other in {p.text | some p in services}

_any_other := "any other service"

_advice(st) := "require your own account by `aws:SourceAccount`, too" if _asks_for_services(st)

_advice(st) := "keep out services that act for other accounts, by a Deny on `aws:PrincipalIsAWSService` and `aws:SourceAccount`" if {
	not _asks_for_services(st)
}

_asks_for_services(st) if {
	some condition in st.conditions
	lower(condition.key.name) in {"aws:principalisawsservice", "aws:principalservicename", "aws:principalservicenameslist"}
}

# A gate must not pass what it could not decide.
findings contains lib.because("deputy-undecided", object.union(lib.at(p.path, message), {"severity": "error"})) if {
	st := input.statement
	st.access.confused_deputy_undecided == "budget"
	p := _uncertain(st)
	not lib.is_mild(st, p, input.facts.services)
	message := sprintf("whether statement %s lets %s use the key for any AWS account could not be determined: write fewer conditions, or values in place of patterns", [
		lib.name(st), _admitted([p]),
	])
}

# What AWS's pages leave open.
findings contains lib.because("deputy-open", object.union(lib.at(p.path, message), {"severity": "warning"})) if {
	st := input.statement
	st.access.confused_deputy_undecided == "open"
	not _is_reported(st)
	not lib.has_malformed(st) # rules on conditions report it
	not lib.has_wrong_service_key(st) # reported by service-condition-wrong-key
	every resource in st.resources {
		resource.text == "*"
	}
	p := _uncertain(st)
	not lib.is_mild(st, p, input.facts.services)
	message := sprintf("statement %s may let %s use the key for any AWS account: AWS does not say whether %s", [lib.name(st), _admitted([p]), _question(st, p)])
}

# One finding is made of a statement: that some services act for any account is known.
_is_reported(st) if {
	some p in st.principals
	_is_deputy(st, p)
}

_is_reported(st) if {
	_everyone(st)
	some deputy in st.access.confused_deputy
	not _is_named(st, deputy.service)
}

_uncertain(st) := [p | some p in st.principals; p.kind == "service"][0]

_uncertain(st) := object.union(_everyone(st), {"text": _any_other}) if {
	every p in st.principals { p.kind != "service" }
}

_question(st, p) := sprintf("its conditions hold for %s", [_them(p)]) if not lib.is_unconditional(st)

_question(st, p) := sprintf("a Deny statement keeps %s out", [_them(p)]) if lib.is_unconditional(st)

_them(p) := "them" if {
	p.text == _any_other
} else := "it"

# A Resource that may well be this key, where the key's ARN is not known.
findings contains object.union(lib.limited(_at_services(services, message), st, [p.text | some p in services], input), {"severity": severity}) if {
	st := input.statement
	st.effect.text == "Allow"
	count(st.access.confused_deputy) == 0
	lib.is_unconditional(st)
	some resource in array.slice([r | some r in st.resources; lib.may_be_key(r.text, input.key)], 0, 1)
	services := [p |
		some p in st.principals
		p.kind == "service"
		lib.live(p)
		not _is_vain(st, p)
	]
	count(services) > 0
	severity := {"info": "info", "warning": "warning", "error": "warning"}[lib.deputy_severity(st, services, input.facts.services)]
	message := sprintf("if `%s` is this key, statement %s lets %s use it for any AWS account: no condition says for whom", [
		resource.text, lib.name(st), _called(services),
	])
}

# Who is let in only by the encryption context.
findings contains object.union(lib.among(lib.remedied(lib.at_key(condition.key.path, message), _hold(condition)), [c.key.path | some c in conditions]), {"severity": "info"}) if {
	st := input.statement
	st.effect.text == "Allow"
	_is_settled(st)
	not lib.has_key(st, lib.source_keys)
	services := [p.text | some p in st.principals; p.kind == "service"; not _is_vain(st, p)]
	count(services) > 0
	conditions := [c | some c in st.conditions; lib.is_context(c)]
	count(conditions) > 0
	condition := conditions[0]
	message := sprintf("only the condition on `%s` limits for whom %s may use the key%s", [condition.key.text, lib.several(services), lib.whose_accounts(condition, input.key.account)])
}

# Nothing else limits the service.
_hold(condition) := "keep the account in its values: a wildcard there lets the service use the key for any account" if {
	lib.accounts_in(condition) == [input.key.account]
} else := "keep it if its values are your own"

_is_settled(st) if count(st.access.confused_deputy) == 0

_is_settled(st) if lib.names_accounts(st)

# Rules of their own report a value that is too wide, and a key that says something else.
_is_told(st) if lib.has_wide_source(st)

_is_told(st) if lib.has_wrong_service_key(st)

_is_told(st) if lib.names_for_whom(st)
