# METADATA
# title: Deny blocks AWS services that use the key
# description: >-
#   A service that calls KMS as itself is in no organization, and one that calls on behalf of a user comes from its
#   own network. A Deny for "*" that requires an organization or a network stops S3, EBS and RDS from using the key
#   unless it exempts services. Exempting some roles changes nothing for the others. A Deny of requests without MFA
#   stops services too, which may be what is meant: info.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-viaawsservice
# custom:
#   severity: warning
#   subject: statement
#   when: [conditions and denies]
#   remedy: >-
#     Add BoolIfExists with aws:PrincipalIsAWSService false and, where the Deny is about a network, aws:ViaAWSService
#     false.
package keypolicy.rules.exposure["deny-blocks-aws-services"]

import data.keypolicy.lib

findings contains object.union(lib.added(lib.at_key(condition.key.path, message), help, [], {"Condition": {"BoolIfExists": {_key[kind]: "false"}}}), _severity(kind)) if {
	st := input.statement
	st.effect.text == "Deny"
	_is_for_all(st)
	_reaches_use(st)
	some condition in st.conditions
	some kind, keys in _keys
	lower(condition.key.name) in keys
	_requires(condition, kind)
	not _leaves_out(st, kind)
	message := sprintf("statement %s also stops AWS services that use the key: %s", [lib.name(st), _why[kind]])
	help := sprintf("add `\"BoolIfExists\": {\"%s\": \"false\"}`", [_key[kind]])
}

_leaves_out(st, kind) if lib.has_key(st, _exceptions[kind])

_leaves_out(st, kind) if lib.misspelt_limit(st, _exceptions[kind])

# A Deny for some principals is not for everyone. One for all but some is: the services are not among these.
_leaves_out(st, kind) if {
	some condition in st.conditions
	lower(condition.key.name) in _identities[kind]
	not lib.absent_passes(condition)
}

_is_for_all(st) if {
	some p in st.principals
	p.kind == "anyone"
}

_is_for_all(st) if count(st.not_principals) > 0

_reaches_use(st) if {
	some action in st.actions
	count(action.cryptographic) > 0
}

_reaches_use(st) if count(st.not_actions) > 0

_severity("mfa") := {"severity": "info"}

_severity(kind) := {} if kind != "mfa"

# Requests without the key are denied.
_requires(condition, kind) if {
	kind != "mfa"
	condition.operator.negated
}

_requires(condition, "mfa") if {
	condition.operator.base == "Bool"
	condition.operator.if_exists
	some value in condition.values
	lower(value.text) == "false"
}

_requires(condition, "mfa") if {
	condition.operator.base == "Null"
	some value in condition.values
	lower(value.text) == "true"
}

_keys := {
	"organization": {"aws:principalorgid", "aws:principalorgpaths"},
	"network": {"aws:sourcevpc", "aws:sourcevpce", "aws:sourceip"},
	"mfa": {"aws:multifactorauthpresent"},
}

_exceptions := {
	"organization": {
		"aws:principalisawsservice", "aws:principalservicename", "aws:principalservicenameslist", "aws:principaltype",
		"kms:calleraccount", "aws:sourceaccount", "aws:sourceorgid", "aws:sourcearn",
	},
	"network": {"aws:viaawsservice", "aws:calledvia", "aws:calledviafirst", "aws:calledvialast", "kms:viaservice"},
	"mfa": {
		"aws:principalisawsservice", "aws:principalservicename", "aws:principalservicenameslist", "aws:principaltype",
		"aws:sourceaccount", "aws:sourceorgid", "aws:sourcearn",
	},
}

_identities := {
	"organization": {"aws:principalarn", "aws:principalaccount"},
	"network": {"aws:principalarn"},
	"mfa": {"aws:principalarn", "aws:principalaccount", "aws:principalorgid"},
}

_why := {
	"organization": "one that calls as itself is in no organization",
	"network": "one that calls on behalf of a user comes from its own network",
	"mfa": "one that calls as itself has no second factor",
}

_key := {"organization": "aws:PrincipalIsAWSService", "network": "aws:ViaAWSService", "mfa": "aws:PrincipalIsAWSService"}
