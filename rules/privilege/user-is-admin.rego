# METADATA
# title: Principal is both key user and administrator
# description: >-
#   The same principal is among the users of the key and among its administrators. Whoever takes over that principal
#   has the data, and decides who else has it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-administrators
#   - ref: https://docs.aws.amazon.com/prescriptive-guidance/latest/aws-kms-best-practices/iam-best-practices.html
# custom:
#   severity: warning
#   subject: [spec, policy]
#   when: [both_duties]
#   access: [left]
#   remedy: Let one role administer the key and another one use it.
package keypolicy.rules.privilege["user-is-admin"]

import data.keypolicy.lib

findings contains _finding(entry, min(_listed[entry.same])) if {
	count(_listed) > 0
	some entry in input.spec.entries
	entry.side == "users"
	entry.kind in _kinds
}

# An administrator may be listed twice.
_listed[entry.same] contains entry.path if {
	some entry in input.spec.entries
	entry.side == "admins"
	entry.kind in _kinds
}

# One statement that does both is reported by other rules, and two entries of a spec's lists are reported above.
findings contains _finding(p, admin.path) if {
	count(_admins) > 0
	some st in input.policy.statements
	st.effect.text == "Allow"
	not lib.has_everything(st)
	lib.has_use(st)
	some p in lib.named(st)
	some use in lib.uses(st)
	lib.able(p, use.cryptographic)
	some admin in _admins[p.same]
	not _both_listed(admin, p)
}

_both_listed(a, b) if {
	a.list != ""
	b.list != ""
}

_admins[p.same] contains p if {
	some st in input.policy.statements
	lib.gives(st, "kms:PutKeyPolicy")
	not lib.has_everything(st)
	not lib.has_use(st)
	some p in lib.named(st)
	lib.able(p, {"kms:PutKeyPolicy"})
}

_kinds := {"user", "role", "session", "federated_user"}

_finding(user, path) := lib.beside(
	lib.at(user.path, sprintf("`%s` uses the key and administers it", [user.text])),
	path, "it is among the administrators here",
)
