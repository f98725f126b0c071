# METADATA
# title: Account statement restricted
# description: >-
#   The account statement is what remains when every user and role that the policy names is deleted. With
#   conditions, or without kms:PutKeyPolicy, it may not let a principal change the policy when that is needed. A
#   condition on aws:PrincipalType or aws:PrincipalArn that only the root user meets also prevents IAM policies from
#   having an effect.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#allow-iam-policies
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principaltype
# custom:
#   severity: warning
#   subject: policy
#   when: [access.lockout]
#   remedy: >-
#     Allow kms:* to the account in a statement without conditions, and limit other principals in statements of their
#     own.
package keypolicy.rules.lockout["root-statement-weakened"]

import data.keypolicy.lib

findings contains lib.for_managed(input, lib.among(lib.at_key(condition.key.path, message), [c.key.path | some s in puts; some c in s.conditions])) if {
	_judged
	input.access.lockout.account in {"none", "conditional"}
	puts := lib.accounts_putting(input.policy.statements)
	count(puts) > 0
	every st in puts { count(st.conditions) > 0 }
	not lib.everyone_puts(input.policy.statements)
	st := puts[0]
	condition := _limiting(st)
	message := sprintf("the account statement %s lets %s: `%s` on `%s` limits it", [
		lib.name(st), _who, condition.operator.text, condition.key.text,
	])
}

findings contains lib.for_managed(input, lib.at(array.concat(st.path, [element]), message)) if {
	_judged
	input.access.lockout.durable == "no"
	not lib.only_passing(input.policy.statements)
	count(lib.accounts_putting(input.policy.statements)) == 0
	not lib.everyone_puts(input.policy.statements)
	st := [s | some s in input.policy.statements; lib.account_statement(s)][0]
	lib.has(st, "Resource") # another rule reports it
	some element in {"Action", "NotAction"}
	lib.has(st, element)
	message := sprintf(
		"the account statement %s leaves `kms:PutKeyPolicy` out: once the named principals are deleted, no principal can change the policy",
		[lib.name(st)],
	)
}

_judged if {
	not input.template
	input.access.lockout.editors != "none" # reported as an error
}

_limiting(st) := array.concat(_context_conditions(st), st.conditions)[0]

# What a caller brings along by being who it is limits whom the statement is for; the rest limits when.
_context_conditions(st) := [condition | some condition in st.conditions; condition.key.category != "principal"]

_who := "only the root user change the policy, and IAM policies have no effect" if {
	input.access.lockout.account == "none"
	input.access.lockout.root_user == "yes"
}

_who := "only some principals of the account change the policy" if {
	input.access.lockout.account == "none"
	input.access.lockout.root_user != "yes"
}

_who := "the account change the policy only in some contexts" if input.access.lockout.account == "conditional"
