# METADATA
# title: Key administrator can decrypt
# description: >-
#   A principal that administers the key can also use it, so that nobody else is needed to reach the data. The
#   policies of AWS's console keep the two apart. The account statement with kms:* is not an administrator, because
#   it lets IAM policies decide.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-administrators
#   - ref: https://docs.aws.amazon.com/prescriptive-guidance/latest/aws-kms-best-practices/iam-best-practices.html
# custom:
#   severity: warning
#   subject: statement
#   when: [mixed_duties]
#   access: [left]
#   remedy: >-
#     List the actions that administer the key (kms:Create*, kms:Describe*, kms:Enable*, kms:List*, kms:Put*,
#     kms:Update*, kms:Revoke*, kms:Disable*, kms:Get*, kms:Delete*, kms:TagResource, kms:UntagResource), and let
#     other principals use it.
package keypolicy.rules.privilege["admin-can-decrypt"]

import data.keypolicy.lib

findings contains lib.among(lib.at(uses[0].path, message), [use.path | some use in uses]) if {
	st := input.statement
	st.effect.text == "Allow"
	lib.is_for_administrators(st)
	count(lib.administers(st)) > 0 # and not by a wildcard that reaches too far, which admin-action-by-wildcard reports
	lib.has(st, "Resource")
	every action in st.actions { not lib.is_all(action) } # all-actions reports these
	uses := [a | some a in lib.uses(st); count(a.cryptographic) == count(a.matches)] # others are wildcards
	entry := uses[0]
	holders := [p | some p in lib.named(st); p.relation != "other"; lib.able(p, entry.matches); _administers(st, p)]
	count(holders) > 0
	message := sprintf("statement %s lets %s administer the key and, with `%s`, use it", [lib.name(st), lib.called(holders), entry.text])
}

_administers(st, p) if {
	some entry in lib.administers(st)
	lib.able(p, lib.reached(entry, lib.administrative))
}
