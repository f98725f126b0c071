# METADATA
# title: Replication to any Region
# description: >-
#   kms:ReplicateKey copies the key material to any Region that the caller chooses, and kms:UpdatePrimaryRegion
#   moves the primary key. Without a limit, key material can leave the Regions in which it has to stay.
#   Administrators that can change the policy are not reported.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-replica-region
# custom:
#   severity: warning
#   subject: policy
#   when: [replication]
#   access: [left]
#   remedy: >-
#     Write the action in a statement of its own, with a condition on kms:ReplicaRegion or kms:PrimaryRegion that
#     lists the Regions.
package keypolicy.rules.privilege["replicate-without-region-limit"]

import data.keypolicy.lib

findings contains lib.remedied(lib.at(entry.path, message), help) if {
	some action, key in _limits
	some st in input.policy.statements
	lib.gives(st, action)
	some entry in st.actions
	action in entry.matches
	_meant(entry)
	not lib.asks(st, {key, "aws:RequestedRegion"})
	not lib.misspelt_limit(st, {key, "aws:RequestedRegion"})
	not _for_users(st)
	holders := [p |
		some p in st.principals
		p.kind != "service"
		p.relation in {"own", "unknown", "none"}
		not p.same in lib.editors(input.policy.statements)
		lib.unlimited(p, action)
	]
	count(holders) > 0
	message := sprintf("statement %s lets %s %s any Region: nothing limits `%s`", [
		lib.name(st), lib.called(holders), _does[action], action,
	])
	help := sprintf("put `%s` into a statement of its own, with a condition on `%s` that lists the Regions", [action, key])
}

_limits := {"kms:ReplicateKey": "kms:ReplicaRegion", "kms:UpdatePrimaryRegion": "kms:PrimaryRegion"}

_does := {"kms:ReplicateKey": "copy the key's material to", "kms:UpdatePrimaryRegion": "move the primary key to"}

# A wildcard that reaches them does nothing but on a multi-Region key.
_meant(entry) if not entry.wildcard

_meant(_) if input.key.multi_region

# Users who administer the key are reported by user-can-administer.
_for_users(st) if {
	lib.is_for_users(st)
	count(lib.users_of(st, input.policy.statements)) > 0
}
