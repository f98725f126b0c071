# METADATA
# title: Statement matches no request
# description: >-
#   KMS accepts a statement whose principals, actions and conditions no request can match. It has no effect, so an
#   Allow allows nothing and a Deny denies nothing. If another rule reports the cause, this one does not report the
#   statement.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   access: [statements]
#   remedy: Remove the statement, or fix the cause that the message names.
package keypolicy.rules.exposure["statement-never-matches"]

import data.keypolicy.lib

findings contains finding if {
	st := input.statement
	st.access.status == "never_matches"
	not input.template
	blamed := [path | some path in st.access.blame; path[0] == "Condition"]
	count(blamed) > 0
	count(_told) == 0
	not _has_other_type(st, blamed)
	not _wrong_service_key(st)
	not lib.source_accounts_differ(st)
	last := blamed[count(blamed) - 1]
	message := sprintf("KMS accepts the policy, but statement %s %s nothing: %s", [lib.name(st), lib.does(st), _why(st)])
	reported := _beside(lib.among(lib.because(_reason(st, blamed), lib.at_key(last, message)), blamed), [path | some path in st.access.blame; path != last])
	finding := object.union(reported, _severity(st, blamed))
}

# A Deny of what cannot be anyhow takes nothing away and protects from nothing that there is.
_severity(st, blamed) := {"severity": "info"} if _is_guard(st, blamed)

# A list without values is what a template leaves where nobody is named yet. AWS takes it for a suggestion.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
_severity(st, blamed) := {"severity": "warning"} if {
	not _is_guard(st, blamed)
	_has_no_values(st, blamed)
}

_severity(st, blamed) := {} if {
	not _is_guard(st, blamed)
	not _has_no_values(st, blamed)
}

# A value that is neither a text nor a list of texts, which another rule reports.
_has_other_type(st, blamed) if {
	some condition in st.conditions
	count(condition.values) == 0
	not condition.list
	condition.key.path in blamed
}

_has_no_values(st, blamed) if {
	some condition in st.conditions
	count(condition.values) == 0
	condition.key.path in blamed
}

_is_guard(st, blamed) if {
	st.effect.text == "Deny"
	every path in blamed {
		_is_given(path)
	}
}

_is_given(path) if lower(path[2]) in _given

_is_given(path) if lower(path[1]) == "null"

# The keys whose values follow from the KMS key or from KMS, or that only ask who calls.
_given := {
	"aws:principalisawsservice", "aws:requestedregion", "aws:resourceaccount", "aws:securetransport",
	"kms:keyorigin", "kms:keyspec", "kms:keyusage", "kms:multiregion",
}

# What AWS's pages contradict each other on is not an error.
findings contains finding if {
	st := input.statement
	st.access.status == "unknown"
	not input.template
	some name in _doubtful(st)
	some condition in st.conditions
	lower(condition.key.text) == lower(name)
	message := sprintf("KMS accepts the policy, but statement %s may %s nothing: AWS's pages disagree on whether requests of its principals have `%s`", [lib.name(st), _verb(st), name])
	finding := object.union(
		lib.because("not-known-to-be-sent", lib.remedied(lib.at_key(condition.key.path, message), _unsent_help(st))),
		{"severity": "warning"},
	)
}

# Services send the source keys: beside another key, that one is in doubt.
_doubtful(st) := others if {
	every p in st.principals { p.kind == "service" }
	others := {name | some name in st.access.not_known_to_be_sent; not lower(name) in lib.source_keys}
	count(others) > 0
} else := {name | some name in st.access.not_known_to_be_sent}

_verb(st) := "allow" if st.effect.text == "Allow"

_verb(st) := "deny" if st.effect.text != "Allow"

_unsent_help(st) := "keep it only if the service's page requires it, and test a request; otherwise use a key that AWS documents for users and roles, such as `aws:PrincipalArn` or `kms:ViaService`" if {
	some p in st.principals
	p.kind != "service"
}

_unsent_help(st) := "keep it only if the service's page requires it, and test a request; otherwise use a key that AWS documents for services, such as `aws:SourceArn`" if {
	every p in st.principals {
		p.kind == "service"
	}
}

# What the rules on conditions report of the conditions that are to blame.
_told contains name if {
	some path in input.statement.access.blame
	path[0] == "Condition"
	some name in _deadly
	some finding in data.keypolicy.rules.conditions[name].findings
	object.get(finding, "severity", "") != "info"
	_is_at(finding.path, path)
}

# The finding is in the condition, or about its operator.
_is_at(found, path) if array.slice(found, 0, count(path)) == path

_is_at(found, path) if {
	count(found) == 2
	array.slice(path, 0, 2) == found
}

# The rules that report conditions which no request meets.
_deadly := {
	"account-condition-format", "condition-key-case-duplicate", "condition-key-iam-only", "condition-needs-action", "condition-value-enum",
	"condition-value-type", "expired-date-condition", "missing-key-suffix", "null-with-qualifier", "operator-type-mismatch",
	"org-condition-format", "principal-arn-condition-form", "private-ip-in-source-ip", "recipient-attestation-format",
	"request-alias-format", "reserved-role-path", "source-arn-format", "unknown-condition-key", "unknown-condition-operator", "via-service-format",
	"via-service-unknown", "via-service-wrong-region", "vpc-condition-format", "wildcard-without-like",
}

# A rule of its own reports it.
_wrong_service_key(st) if {
	every p in st.principals {
		p.kind == "service"
	}
	some path in st.access.blame
	path[0] == "Condition"
	lower(path[2]) in lib.wrong_service_keys
	not lib.has_key(st, lib.source_keys)
}

_reason(st, _) := "principal-condition-mismatch" if _blames(st, "Principal")

_reason(st, blamed) := "contradicting-conditions" if {
	not _blames(st, "Principal")
	not _blames(st, "Action")
	count(blamed) > 1
}

_reason(st, blamed) := "statement-never-matches" if {
	not _blames(st, "Principal")
	not _is_contradiction(st, blamed)
}

_is_contradiction(st, blamed) if {
	not _blames(st, "Action")
	count(blamed) > 1
}

_blames(st, element) if {
	some path in st.access.blame
	path[0] in {element, concat("", ["Not", element])}
}

_why(st) := concat("", [lower(substring(st.access.why, 0, 1)), trim_suffix(substring(st.access.why, 1, -1), ".")])

_beside(finding, []) := finding

_beside(finding, paths) := object.union(finding, {"related": [{"path": path, "message": "this contradicts it"} | some path in paths]}) if count(paths) > 0
