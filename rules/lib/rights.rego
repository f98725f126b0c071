# What statements give to whom, as far as one statement's text says it. What a policy means is access's to say.
package keypolicy.lib

# grants reports whether a statement's Action or NotAction matches an action.
grants(st, action) if st.takes[action]

# gives reports whether a statement allows an action: one without Resource allows nothing.
gives(st, action) if {
	st.effect.text == "Allow"
	st.takes[action]
	has(st, "Resource")
}

# cryptographic are the actions that use the key, for rules about statements and policies.
# https://docs.aws.amazon.com/kms/latest/developerguide/kms-cryptography.html#cryptographic-operations
cryptographic := {name | some name in input.facts.actions.cryptographic}

# destructive are the actions that make a key unusable.
destructive := {"kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:DeleteImportedKeyMaterial"}

# tagging are the actions by which tags and aliases change.
tagging := {"kms:TagResource", "kms:UntagResource", "kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias"}

# administrative are the actions that change the key and who may use it, but for grants; for rules about statements and policies.
administrative := {name | some name in input.facts.actions.administrative}

# uses are the entries of Action that use the key and do not administer it.
uses(st) := [a | some a in st.actions; a.does.use; not a.does.administration]

# administers are the entries of Action that administer the key and do not use it.
administers(st) := [a | some a in st.actions; a.does.administration; not a.does.use]

# everything are the entries of Action that do both, as kms:*.
everything(st) := [a | some a in st.actions; a.does.administration; a.does.use]

# has_use reports whether a statement has an entry that only uses the key.
has_use(st) if st.duties.use

# has_everything reports whether a statement has an entry that both uses and administers the key.
has_everything(st) if st.duties.everything

_touches(a, actions) if {
	some name in a.matches
	name in actions
}

# is_for_users reports whether a statement is one for those who use the key: with at least as many entries that use it as
# entries that administer it. An administrators' statement has more of these, or all at once.
is_for_users(st) if {
	has_use(st)
	not has_everything(st)
	count(uses(st)) >= count(administers(st))
}

# is_for_administrators is the reverse.
is_for_administrators(st) if has_everything(st)

is_for_administrators(st) if count(administers(st)) > count(uses(st))

# named are the users, roles and sessions that a statement names: accounts, everyone and services are none.
named(st) := [p | some p in st.principals; p.named]

# editors are the principals that some statement allows to change the policy.
editors(statements) := {p.same |
	some st in statements
	gives(st, "kms:PutKeyPolicy")
	some p in st.principals
}

# able reports whether a principal can do one of some actions by its statement, after conditions and Deny statements.
able(p, actions) if {
	some action in actions
	not action in object.get(p, ["left", "denied"], [])
}

# unlimited reports whether a principal can do an action in any way by its statement, not only as a condition or a Deny says.
unlimited(p, action) if {
	able(p, {action})
	not action in object.get(p, ["left", "bounded"], [])
}

# live reports whether a principal can do anything by its statement.
live(p) if object.get(p, ["left", "live"], true)

# takes_effect reports whether an Allow statement may let anyone do anything. It is true of every other statement.
takes_effect(st) if count(st.principals) == 0

takes_effect(st) if {
	some p in st.principals
	not object.get(p, ["left", "nothing"], false)
}

# outside is a principal limited to its callers from other accounts.
outside(p) := object.union(p, {"left": p.left.outside}) if p.left.outside

outside(p) := p if not p.left.outside

# reached are the actions of some that an entry of Action matches.
reached(entry, actions) := {name | some name in entry.matches; name in actions}

# called writes principals as a sentence names them.
called(principals) := several([p.text | some p in principals])

# account_note is what a finding says that rests on an account which the policy itself names.
account_note(key) := sprintf("; %s is taken for the key's account, as the policy lets it change the policy", [key.account]) if {
	key.account_from == "policy"
}

account_note(key) := "" if key.account_from != "policy"

# entries_of are the entries of Action that match one of some actions.
entries_of(st, actions) := [a |
	count({name | some name in actions; st.takes[name]}) > 0
	some a in st.actions
	_touches(a, actions)
]

# asks reports whether a statement has a condition on one of some keys.
asks(st, keys) if {
	some condition in st.conditions
	condition.key.name in keys
}

# limits are the conditions of a statement that require one of some keys to have a listed value.
limits(st, keys) := [condition |
	some condition in st.conditions
	condition.key.name in keys
	_lists_values(condition)
	_asks_for_values(st, condition)
]

_lists_values(condition) if {
	condition.operator.base != "Null"
	not condition.operator.negated
	not condition.operator.if_exists
}

# ForAllValues by itself holds for a request without the key.
_asks_for_values(_, condition) if condition.operator.set != "ForAllValues"

_asks_for_values(st, condition) if {
	some other in st.conditions
	other.operator.base == "Null"
	other.key.name == condition.key.name
	not other.operator.if_exists
	other.operator.set != "ForAllValues"
	count(other.values) > 0
	every value in other.values { lower(value.text) == "false" }
}

# unbounded_grants reports whether a statement may allow kms:CreateGrant for any grant. An AWS service that makes the grant for
# a caller who is named bounds it too. What conditions on grant_bounds still allow is reported by unlimited.
unbounded_grants(st) if {
	gives(st, "kms:CreateGrant")
	not for_aws_resources(st)
	not _via_service(st)
	not _carries_context(st)
	not _has_unclear_bound(st)
	not misspelt_limit(st, grant_bounds | {"kms:ViaService"})
}

# for_aws_resources reports whether a statement has a Bool condition on whether an AWS service makes the grant.
for_aws_resources(st) if {
	some condition in st.conditions
	condition.key.name in aws_grant_keys
	condition.operator.base == "Bool"
}

# Which listed operations are too many is for other rules to say. A variable is as narrow as the caller's value of it.
_has_unclear_bound(st) if {
	some condition in st.conditions
	condition.key.name in grant_operation_keys
	condition.operator.base != "Null"
	not _is_any_operation(condition)
}

# A grant without a grantee's ARN is for a service.
_has_unclear_bound(st) if {
	some condition in st.conditions
	condition.key.name in grantee_keys
	condition.operator.if_exists
	not condition.operator.negated
	every value in condition.values {
		not regex.match(`[*?]`, value.text)
	}
}

_has_unclear_bound(st) if {
	some condition in limits(st, grant_bounds)
	some value in condition.values
	value.variable
}

_is_any_operation(condition) if {
	condition.operator.negated
	condition.operator.set == "ForAnyValue"
}

_is_any_operation(condition) if {
	condition.operator.wildcards
	some value in condition.values
	regex.match(`^[*?]+$`, value.text)
}

_is_any_operation(condition) if {
	condition.operator.negated
	condition.operator.set == "ForAllValues"
	every value in condition.values {
		lower(value.text) != "decrypt"
	}
}

# open_bounds says in a message which conditions on grants of an unbounded statement limit no grant.
open_bounds(st) := "" if not asks(st, grant_bounds)

open_bounds(st) := sprintf(" (its condition on %s does not limit that)", [several([condition.key.text | some condition in st.conditions; condition.key.name in grant_bounds])]) if {
	asks(st, grant_bounds)
}

# The encryption context of a CreateGrant request is the one that the grant's constraint asks for.
# https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context
_carries_context(st) if {
	some condition in st.conditions
	startswith(condition.key.name, "kms:EncryptionContext:")
	count(limits(st, {condition.key.name})) > 0
	some value in condition.values
	not regex.match(`^[*?]*$`, value.text)
}

_via_service(st) if {
	count(limits(st, {"kms:ViaService"})) > 0
	not _everyone(st)
}

_everyone(st) if {
	some p in st.principals
	p.kind == "anyone"
	not asks(st, account_keys | organization_keys)
}

# grant_entry is the path of what allows kms:CreateGrant.
grant_entry(st) := entries_of(st, {"kms:CreateGrant"})[0].path if count(st.actions) > 0

grant_entry(st) := array.concat(st.path, ["NotAction"]) if count(st.actions) == 0

# trusted_organization reports whether a statement is limited to organizations that the configuration trusts. around is the
# input: what is said about the statement.
trusted_organization(st, around) if {
	some condition in limits(st, {"aws:PrincipalOrgID"})
	every value in condition.values {
		value.text in around.trust.organizations
	}
}

trusted_organization(st, around) if {
	some condition in limits(st, {"aws:PrincipalOrgPaths"})
	every value in condition.values {
		split(value.text, "/")[0] in around.trust.organizations
	}
}

# external_holders are the principals of other accounts that a statement names, or the other accounts that its
# conditions limit everyone to.
external_holders(st, around) := array.concat(
	[{"text": p.text, "path": p.path, "left": object.get(p, "left", {})} |
		some p in st.principals
		p.kind in {"account", "user", "role", "session", "federated_user"}
		p.relation == "other"
		not has_placeholder(p.text)
		not trusted_organization(st, around)
	],
	[{"text": value.text, "path": value.path, "left": object.get(outside(p), "left", {})} |
		some p in st.principals
		p.kind == "anyone"
		around.key.account != ""
		some condition in limits(st, account_keys)
		some value in condition.values
		is_account_id(value.text)
		value.text != around.key.account
		not value.text in around.trust.accounts
		not trusted_organization(st, around)
	],
)

# users_of are the principals of a users' statement that no other statement makes editors of the policy; other accounts and
# services are judged by rules of their own.
users_of(st, statements) := [p |
	some p in st.principals
	p.kind in {"user", "role", "session", "federated_user", "anyone"}
	p.relation in {"own", "unknown", "none", "trusted"}
	not _edits_elsewhere(p, st, statements)
]

_edits_elsewhere(p, st, statements) if {
	some other in statements
	other.index != st.index
	gives(other, "kms:PutKeyPolicy")
	some q in other.principals
	q.same == p.same
}

# rests_on_tags reports whether conditions on the key's tags or aliases decide who gets in.
# https://docs.aws.amazon.com/kms/latest/developerguide/abac.html
rests_on_tags(statements) if {
	some st in statements
	some condition in st.conditions
	is_tag_key(condition.key.name)
}

# is_tag_key reports whether a condition key is about the tags or aliases of the key.
is_tag_key(name) if startswith(name, "aws:ResourceTag/")

is_tag_key(name) if name in alias_keys

# principal_element is the path of a statement's Principal, and of the statement where it has none.
principal_element(st) := [element.path | some element in st.elements; element.name == "Principal"][0] if has(st, "Principal")

principal_element(st) := st.path if not has(st, "Principal")
