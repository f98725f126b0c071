# METADATA
# title: A service acts for accounts that you know
# description: >-
#   A service calls KMS for any customer who asks it to. Without a condition on for whom, another account can have it
#   use your key: the confused deputy. aws:SourceAccount, aws:SourceArn and aws:SourceOrgID say for whom; CloudWatch
#   Logs and S3 Tables say it in the encryption context. Where AWS's pages give the statement without such a key, and
#   where it allows only to look, this is info.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html
# custom:
#   severity: error
#   subject: statement
#   when: [services]
#   access: [confused_deputy, left]
#   remedy: >-
#     Add aws:SourceAccount with your account, or aws:SourceArn with the resource.
package keypolicy.rules.services["service-principal-unrestricted"]

import data.keypolicy.lib

findings contains finding if {
	st := input.statement
	some deputy in st.access.confused_deputy
	some p in st.principals
	p.text == deputy.service
	not _is_told(st)
	message := sprintf("statement %s lets `%s` use the key for any AWS account: %s", [lib.name(st), p.text, _why(st)])
	finding := object.union(lib.remedied(lib.at(p.path, message), _help(p)), {"severity": _severity(st, p), "witness": deputy.witness})
}

# A gate must not pass what it could not decide.
findings contains lib.because("deputy-undecided", lib.at(p.path, message)) if {
	st := input.statement
	st.access.confused_deputy_undecided == "budget"
	p := [q | some q in st.principals; q.kind == "service"][0]
	not _is_mild(st, p)
	message := sprintf("whether statement %s lets `%s` use the key for any AWS account could not be worked out: write fewer conditions, or values in place of patterns", [
		lib.name(st), p.text,
	])
}

# A Resource that may well be this key, where the key's ARN is not known.
findings contains object.union(lib.remedied(lib.at(p.path, message), _help(p)), {"severity": severity}) if {
	st := input.statement
	st.effect.text == "Allow"
	count(st.access.confused_deputy) == 0
	lib.is_unconditional(st)
	some resource in array.slice([r | some r in st.resources; lib.may_be_key(r.text, input.key)], 0, 1)
	some p in st.principals
	p.kind == "service"
	lib.live(p)
	severity := {"info": "info", "warning": "warning", "error": "warning"}[_severity(st, p)]
	message := sprintf("if `%s` is this key, statement %s lets `%s` use it for any AWS account: no condition says for whom", [
		resource.text, lib.name(st), p.text,
	])
}

# Who is let in by the encryption context alone.
findings contains object.union(lib.at_key(condition.key.path, message), {"severity": "info"}) if {
	st := input.statement
	st.effect.text == "Allow"
	count(st.access.confused_deputy) == 0
	not lib.has_key(st, lib.source_keys)
	services := [p.text | some p in st.principals; p.kind == "service"]
	count(services) > 0
	conditions := [c | some c in st.conditions; _is_context(c)]
	count(conditions) > 0
	condition := conditions[0]
	message := sprintf("`%s` alone says for whom %s may use the key", [condition.key.text, lib.several(services)])
}

_is_context(condition) if {
	startswith(lower(condition.key.text), "kms:encryptioncontext")
	not lib.absent_passes(condition)
}

# Rules of their own tell of a value that is too wide, and of a key that says something else.
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

# An account or an organization by its whole id, and an ARN, whose account another rule looks at.
_names(condition, _) if lower(condition.key.name) == "aws:sourcearn"

_names(condition, value) if {
	lower(condition.key.name) != "aws:sourcearn"
	not regex.match(`[*?]`, split(value.text, "/")[0])
}

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

_why(st) := "its condition holds for requests without the key" if {
	lib.has_key(st, lib.source_keys)
	_passes(st)
}

_why(st) := "its condition takes every account in" if {
	lib.has_key(st, lib.source_keys)
	not _passes(st)
}

_passes(st) if {
	some condition in st.conditions
	lower(condition.key.name) in lib.source_keys
	lib.absent_passes(condition)
}

_severity(st, p) := "info" if _is_mild(st, p)

_severity(st, p) := "warning" if {
	not _is_mild(st, p)
	_has_context(st)
}

_severity(st, p) := "error" if {
	not _is_mild(st, p)
	not _has_context(st)
}

# It only looks.
_is_mild(st, _) if {
	count(st.not_actions) == 0
	every action in st.actions {
		count(action.cryptographic) == 0
		count(action.administrative) == 0
	}
}

# AWS's pages give the statement so, for a use in which the service sends no such key.
_is_mild(st, p) if {
	count(st.not_actions) == 0
	not lib.has_key(st, lib.source_keys)
	some documented in input.facts.services[p.text].documented
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

# It is limited by the encryption context, if not to one account.
_is_mild(st, _) if {
	not lib.has_key(st, lib.source_keys)
	some condition in st.conditions
	_is_context(condition)
	every value in condition.values {
		_is_of_someone(value.text)
	}
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

_help(p) := sprintf("add `\"ArnLike\": {\"%s\": \"arn:%s:%s:*:%s:*\"}`", [key, input.key.partition, split(split(key, ":")[2], ":")[0], _account]) if {
	key := _context_key(p)
	startswith(key, "kms:EncryptionContext:aws:logs")
}

_help(p) := sprintf("add a condition on `%s`", [key]) if {
	key := _context_key(p)
	not startswith(key, "kms:EncryptionContext:aws:logs")
}

_help(p) := sprintf("add `\"StringEquals\": {\"aws:SourceAccount\": \"%s\"}`%s", [_account, _via(p)]) if {
	not _context_key(p)
	not _unsupported(p)
}

_help(p) := sprintf("for %s the service sends neither `aws:SourceAccount` nor `aws:SourceArn`: give what it encrypts a key of its own. For its other uses, ask for `aws:SourceAccount` in a statement of their own", [_unsupported(p)]) if {
	not _context_key(p)
}

_unsupported(p) := use.when if {
	some use in array.slice(input.facts.services[p.text].unsupported, 0, 1)
	"aws:SourceAccount" in use.keys
}

# What the service says for whom it acts by, where none of its documented statements has a source key.
_context_key(p) := key if {
	statements := input.facts.services[p.text].documented
	count(statements) > 0
	keys := {key | some documented in statements; some key in documented.keys}
	count(keys & lib.source_keys) == 0
	contexts := sort([key | some key in keys; startswith(key, "kms:encryptioncontext:")])
	count(contexts) > 0
	key := replace(contexts[0], "kms:encryptioncontext:", "kms:EncryptionContext:")
}

_via(p) := sprintf("; or, for %s, allow a role with `kms:ViaService`: the service calls with its caller's credentials", [use]) if {
	use := input.facts.services[p.text].via
	use != ""
}

_via(p) := "" if input.facts.services[p.text].via == ""

_account := input.key.account if input.key.account != ""

_account := "ACCOUNT" if input.key.account == ""
