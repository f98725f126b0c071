# METADATA
# title: Condition key missing from some of the statement's requests
# description: >-
#   KMS sends some condition keys only with some operations, such as the encryption context with cryptographic
#   operations and kms:GrantIsForAWSResource with operations on grants. For the other actions of the statement the
#   condition is never met or, with IfExists and with negated operators, always met.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
# custom:
#   severity: warning
#   subject: statement
#   when: [conditions]
#   remedy: >-
#     Take the actions whose requests do not have the key out of the statement. Where they are needed, write a statement
#     of their own for them.
package keypolicy.rules.conditions["condition-key-not-for-action"]

import data.keypolicy.lib

findings contains finding if {
	some i, condition in _limiting
	lost := _lost(condition)
	count(lost) > 0
	_carried(condition)
	alike := [j | some j, other in _limiting; _group(other) == _group(condition)]
	i == alike[0] # reported once for all keys of its kind
	names := [lower(_limiting[j].key.text) | some j in alike]
	keys := lib.several([_limiting[j].key.text | some k, j in alike; not names[k] in array.slice(names, 0, k)])
	message := sprintf("KMS accepts the policy, but %s: KMS sends %s %s", [_effect(condition, [action.text | some action in lost]), keys, lib.only_with(condition.key)])
	finding := object.union(
		lib.among(lib.at_key(condition.key.path, message), [_limiting[j].key.path | some j in alike]),
		{"severity": _severity(lost)},
	)
}

# The conditions that hold for no request, or for any, that lacks the key.
_limiting := [condition |
	some condition in input.statement.conditions
	condition.key.known
	count(condition.key.never_with) > 0
	not condition.operator.if_exists # it says on purpose that the key may be missing
	not condition.operator.base == "Null"
	not condition.operator.set == "ForAllValues"
]

_group(condition) := [condition.key.never_with, condition.operator.negated]

# The entries of Action that represent such actions only, wildcards too.
_lost(condition) := [action |
	never := {name | some name in condition.key.never_with}
	some action in input.statement.actions
	count(action.effective) > 0
	every name in action.effective { name in never }
]

# Some action of the statement has the key; where none has, another rule reports it.
_carried(condition) if {
	never := {name | some name in condition.key.never_with}
	some action in input.statement.actions
	some name in action.effective
	not name in never
}

_effect(condition, lost) := sprintf("statement %s never %s %s", [lib.name(input.statement), lib.does(input.statement), lib.every_one(lost)]) if {
	not condition.operator.negated
}

_effect(condition, lost) := sprintf("statement %s always %s %s", [
	lib.name(input.statement), lib.does(input.statement),
	lib.every_one(lost),
]) if {
	condition.operator.negated
}

# AWS's pages give such statements with kms:Describe*, and services with kms:DescribeKey in them, which do without it.
_severity(lost) := "info" if {
	every action in lost {
		every name in action.effective { startswith(name, "kms:Describe") }
		_is_by_the_way(action)
	}
} else := "warning"

_is_by_the_way(action) if action.wildcard

_is_by_the_way(_) if _is_for_services

_is_for_services if {
	every p in input.statement.principals {
		p.kind == "service"
	}
}

_is_for_services if lib.has_key(input.statement, {"kms:viaservice"})
