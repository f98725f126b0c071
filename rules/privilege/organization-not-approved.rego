# METADATA
# title: Access by an organization that is not trusted
# description: >-
#   The configuration's trust names the organizations that may use keys. A condition on another organization lets its
#   accounts in, or a service that acts for them, unless other conditions of the statement or a Deny for all but
#   trusted organizations keep them out, or conditions name accounts, which rules of their own look at. For use of the
#   key this is info, as partners are often whole organizations; administration and unlimited grants are an error.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
# custom:
#   severity: info
#   subject: policy
#   when: [trust and conditions]
#   access: [left]
#   remedy: Correct the organization's id, or add it to trust.organizations of .keypolicy.yaml.
package keypolicy.rules.privilege["organization-not-approved"]

import data.keypolicy.lib

findings contains object.union(lib.at(entry.value.path, message), {"severity": severity}) if {
	some st in input.policy.statements
	some entry in lib.unapproved_organizations(st, input)
	not _is_denied(st, entry)
	severity := _severity(st, entry.principal)
	message := sprintf("`%s` lets in organization `%s`, which the configuration does not trust%s", [
		entry.condition.key.text, entry.organization, _what(severity),
	])
}

# A service that acts for an organization is in none.
_is_denied(st, entry) if {
	entry.principal.kind != "service"
	entry.condition.key.name in lib.organization_keys
	some deny in input.policy.statements
	lib.denied_to(st, deny, entry.organization)
}

_severity(st, p) := "error" if _gives_away(st, p)

_severity(st, p) := "info" if not _gives_away(st, p)

_gives_away(st, p) if {
	lib.unbounded_grants(st)
	lib.unlimited(p, "kms:CreateGrant")
}

_gives_away(st, p) if {
	some name in lib.administrative
	lib.gives(st, name)
	lib.able(p, {name})
}

_what("error") := ", and lets it administer the key or create any grant"

_what("info") := ""
