# METADATA
# title: Wildcard in a principal
# description: >-
#   A principal is "*" or one user, role or account. A wildcard inside an ARN matches nothing, and KMS refuses the
#   whole policy. To mean many roles, use a condition on aws:PrincipalArn.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
# custom:
#   severity: error
#   subject: [spec, statement]
#   when: [faulty_principals]
#   remedy: Name each of them, or write a statement for the account with ArnLike on aws:PrincipalArn.
package keypolicy.rules.principals["wildcard-in-principal-arn"]

import data.keypolicy.lib

findings contains _finding(entry, arn) if {
	some entry in input.spec.faulty
	entry.fault == "wildcard"
	arn := _arn(entry)
}

findings contains _finding(p, p.text) if {
	some p in input.statement.faulty
	p.element == "AWS"
	p.fault == "wildcard"
}

_finding(p, arn) := _helped(p, arn, lib.at(p.path, message)) if {
	message := sprintf("`%s` has a wildcard inside, which a principal cannot have: %s", [p.text, lib.refused])
}

# A name in a list is what it compiles to.
_arn(entry) := entry.text if not entry.bare

_arn(entry) := entry.same if entry.bare

_helped(p, arn, finding) := lib.through_account(
	finding, "name each of them, or ", p,
	sprintf("arn:%s:iam::%s:root", [_partition(p), _account(p)]), _with_path(arn),
) if {
	_has_arn(p)
}

_helped(p, _, finding) := lib.remedied(finding, "name each account by its 12 digits") if {
	not _has_arn(p)
}

_has_arn(p) if {
	p.kind in {"user", "role"}
	lib.is_account_id(_account(p))
}

# A role that AWS makes is under a path of its own.
_with_path(arn) := lib.placed_role(arn) if lib.is_misplaced(arn)

_with_path(arn) := arn if not lib.is_misplaced(arn)

_account(p) := p.account if p.account != ""

_account(p) := input.key.account if p.account == ""

_partition(p) := p.partition if p.partition != ""

_partition(p) := input.key.partition if p.partition == ""
