# METADATA
# title: Wildcard in a value without a Like operator
# description: >-
#   StringEquals compares * and ? literally, so a value with one of them matches no value of a request. An Allow
#   with it allows nothing, and a Deny with StringNotEquals denies everything.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
# custom:
#   severity: warning
#   subject: statement
#   when: [conditions]
#   remedy: Write StringLike or StringNotLike, or a value without wildcards.
package keypolicy.rules.conditions["wildcard-without-like"]

import data.keypolicy.lib

findings contains finding if {
	some condition in input.statement.conditions
	condition.operator.family == "String"
	not condition.operator.wildcards
	not condition.key.families == ["Bool"]
	not lib.mismatched(condition) # another rule reports it
	some value in condition.values
	regex.match(`[*?]`, value.text)
	not value.variable
	not lib.organization_fault(lower(condition.key.name), value.text) # another rule reports it
	message := sprintf("`%s` compares `%s` literally, with its wildcard, %s", [condition.operator.text, value.text, _effect(condition)])
	finding := object.union(_advised(condition, value, lib.at(value.path, message)), _severity(condition))
}

_advised(condition, value, finding) := lib.operator_written(finding, input.statement, condition.operator.path, _like(condition.operator)) if {
	not _matches_strangers(condition, value)
}

_advised(condition, value, finding) := lib.remedied(finding, "write the whole id: a pattern also matches ids of strangers") if {
	_matches_strangers(condition, value)
}

# A pattern of such ids takes in whoever else has one, so StringLike would let strangers in.
_matches_strangers(condition, value) if {
	lower(condition.key.name) in _random
	not _below_an_organization(condition, value)
}

# A path that begins with the whole id of an organization takes in only its own units.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
_below_an_organization(condition, value) if {
	endswith(lower(condition.key.name), "orgpaths")
	regex.match(`^o-[a-z0-9]{10,32}/`, value.text)
}

# Accounts, organizations and networks get their ids at random.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
_random := {
	"aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "aws:sourceaccount", "aws:sourceorgid",
	"aws:sourceorgpaths", "aws:sourcevpc", "aws:sourcevpce", "aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths",
	"kms:calleraccount",
}

_effect(condition) := "so it never matches" if not condition.operator.negated

_effect(condition) := "so it always matches" if condition.operator.negated

_like(operator) := regex.replace(operator.text, `Equals(IgnoreCase)?`, "Like")

# Services of kms:ViaService have no wildcard in their names, so that nothing is left where every value has one.
# https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
_severity(condition) := {"severity": "error"} if _leaves_nothing(condition)

_severity(condition) := {} if not _leaves_nothing(condition)

# The rule via-service-format has the rest of what no request has.
_never_is(condition, value) if lib.is_literal_pattern(condition, value)

_never_is(_, value) if {
	not value.variable
	value.via.service == ""
}

_leaves_nothing(condition) if {
	lower(condition.key.text) == "kms:viaservice"
	input.statement.effect.text == "Allow"
	not condition.operator.negated
	not condition.operator.if_exists
	every value in condition.values {
		_never_is(condition, value)
	}
}
