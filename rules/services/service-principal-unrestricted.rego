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
		lib.name(st), _called(services), _verb(actions), _why(st), _by_page(st, services),
	])
	finding := object.union(
		_advised(_at_services(services, message), st, [p.text | some p in services], actions),
		{"severity": _severity(st, services), "witness": _witness(st, services[0])},
	)
}

_at_services(services, message) := lib.among(lib.at(services[0].path, message), [p.path | some p in services])

_verb(actions) := "use" if count(actions) == 0

_verb(actions) := "administer" if count(actions) > 0

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
	message := sprintf("statement %s lets %s use the key for any AWS account: %s", [lib.name(st), _admitted(services), _why(st)])
	finding := object.union(
		lib.remedied(lib.at(everyone.path, message), _advice(st)),
		{"severity": _severity(st, services), "witness": _witness(st, services[0])},
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
	not _is_mild(st, p)
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
	not _is_mild(st, p)
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

_them(p) := "them" if p.text == _any_other

_them(p) := "it" if p.text != _any_other

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
	severity := {"info": "info", "warning": "warning", "error": "warning"}[_severity(st, services)]
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
	conditions := [c | some c in st.conditions; _is_context(c)]
	count(conditions) > 0
	condition := conditions[0]
	message := sprintf("only the condition on `%s` limits for whom %s may use the key%s", [condition.key.text, lib.several(services), _whose(condition)])
}

_whose(condition) := sprintf(": to account %s, which is not the key's", [concat(" and ", others)]) if {
	others := [account | some account in _accounts_in(condition); account != input.key.account]
	count(others) > 0
	input.key.account != ""
} else := ": to the key's own account" if {
	_accounts_in(condition) == [input.key.account]
} else := ""

# Nothing else limits the service.
_hold(condition) := "keep the account in its values: a wildcard there lets the service use the key for any account" if {
	_accounts_in(condition) == [input.key.account]
} else := "keep it if its values are your own"

# Sorted.
_accounts_in(condition) := sort({account |
	some value in condition.values
	account := _account_in(value.text)
	lib.is_account_id(account)
})

_is_settled(st) if count(st.access.confused_deputy) == 0

_is_settled(st) if _names_accounts(st)

_is_context(condition) if {
	startswith(lower(condition.key.text), "kms:encryptioncontext")
	not lib.absent_passes(condition)
}

# Rules of their own report a value that is too wide, and a key that says something else.
_is_told(st) if lib.has_wide_source(st)

_is_told(st) if lib.has_wrong_service_key(st)

# Whom it names it names on purpose; whether they are approved is another rule's question.
_is_told(st) if {
	some condition in st.conditions
	lower(condition.key.name) in lib.source_keys
	not lib.absent_passes(condition)
	condition.operator.base != "Null"
	every value in condition.values {
		_names(condition, value)
	}
}

_is_told(st) if _names_accounts(st)

# The encryption context that a service sets has the account that it acts for.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-create-storage-key.html
_names_accounts(st) if {
	some condition in st.conditions
	_is_context(condition)
	startswith(lower(condition.key.text), "kms:encryptioncontext:aws:")
	condition.operator.base != "Null"
	every value in condition.values {
		lib.is_account_id(_account_in(value.text))
	}
}

_account_in(text) := parts[4] if {
	startswith(text, "arn:")
	parts := split(text, ":")
	count(parts) > 5
} else := text

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

_by_page(st, services) := ", as on AWS's page" if {
	not lib.only_looks(st)
	every p in services { _is_documented(st, p) }
} else := ", as on AWS's page" if {
	lib.gives(st, "kms:CreateGrant")
	_is_published_grant(st)
	lib.is_unconditional(st)
} else := ""

_why(st) := "no condition says for whom" if {
	not lib.has_key(st, lib.source_keys)
	not _has_context(st)
}

_why(st) := "only the encryption context says for whom" if {
	not lib.has_key(st, lib.source_keys)
	_has_context(st)
}

_has_context(st) if {
	some condition in st.conditions
	_is_context(condition)
}

_why(st) := "requests without the condition key meet its condition" if {
	lib.has_key(st, lib.source_keys)
	_passes(st)
}

_why(st) := "its condition matches every account" if {
	lib.has_key(st, lib.source_keys)
	not _passes(st)
}

_passes(st) if {
	some condition in st.conditions
	lower(condition.key.name) in lib.source_keys
	lib.absent_passes(condition)
}

_severity(st, services) := "info" if _are_mild(st, services)

_severity(st, services) := "error" if {
	not _are_mild(st, services)
	_is_grave(st, services)
}

_severity(st, services) := "warning" if {
	not _are_mild(st, services)
	not _is_grave(st, services)
}

# Whoever drives the service administers the key, or has a grant made to anyone.
_is_grave(st, _) if {
	some action in st.actions
	some name in action.administrative
	not name in {"kms:CreateGrant", "kms:RevokeGrant"}
}

_is_grave(st, _) if count(st.not_actions) > 0

_is_grave(st, services) if {
	lib.gives(st, "kms:CreateGrant")
	not lib.asks(st, {"kms:GrantIsForAWSResource"})
	some service in services
	not _is_published_for(st, service)
	not _is_unlisted(service)
}

# No page that is known says how the service calls KMS, or by what condition a statement says for whom.
_is_unlisted(service) if {
	count(input.facts.services[service.text].published_grant) == 0
	every documented in input.facts.services[service.text].documented {
		count(documented.limits) == 0
	}
}

# AWS's pages give the statement so, and do not say whether the service sends a key that says for whom it acts.
_is_published_grant(st) if {
	every p in st.principals {
		_is_published_for(st, p)
	}
}

_is_published_for(_, p) if p.kind in {"user", "role"}

_is_published_for(st, p) if {
	p.kind == "service"
	every action in st.actions {
		every name in action.effective {
			name in input.facts.services[p.text].published_grant
		}
	}
}

_are_mild(st, services) if {
	every p in services {
		_is_mild(st, p)
	}
}

_is_mild(st, _) if lib.only_looks(st)

# AWS's pages give the statement so, for a use in which the service sends no such key. More conditions let in less.
_is_mild(st, p) if _is_published(st, p)

_is_documented(st, p) if {
	not lib.has_key(st, lib.source_keys)
	_is_published(st, p)
}

_is_published(st, p) if {
	count(st.not_actions) == 0
	some documented in input.facts.services[p.text].documented
	not _is_opened(st, documented.keys)
	every key in documented.keys {
		not key in lib.source_keys
		lib.has_key_text(st, key)
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
	_has_open_context(st)
}

# It is limited by the encryption context, if not to one account.
_is_mild(st, _) if {
	not _has_open_context(st)
	some condition in st.conditions
	_is_context(condition)
	every value in condition.values {
		_is_of_someone(value.text)
	}
}

# A context that the service sets may be anything.
_has_open_context(st) if {
	some condition in st.conditions
	startswith(lower(condition.key.text), "kms:encryptioncontext:aws:")
	condition.operator.wildcards
	some value in condition.values
	regex.match(`^[*?]+$`, value.text)
}

# A context that is not an ARN, or the ARN of something in one account.
_is_of_someone(text) if {
	not startswith(text, "arn:")
	not regex.match(`^[*?]*$`, text)
}

_is_of_someone(text) if {
	startswith(text, "arn:")
	parts := split(text, ":")
	count(parts) > 5
	not regex.match(`[*?]`, parts[4])
}
