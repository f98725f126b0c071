# METADATA
# title: Access by an organization that is not trusted
# description: >-
#   The configuration's trust names the organizations that may use keys. A condition on another organization lets
#   its accounts in, or a service that acts for them. For use of the key this is info, as partners are often whole
#   organizations; administration and unlimited grants are an error.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
# custom:
#   severity: info
#   subject: statement
#   when: [trust and conditions]
#   access: [left]
#   remedy: Correct the organization's id, or add it to trust.organizations of .keypolicy.yaml.
package keypolicy.rules.privilege["organization-not-approved"]

import data.keypolicy.lib

findings contains object.union(lib.at(value.path, message), {"severity": severity}) if {
	input.trust.given
	st := input.statement
	st.effect.text == "Allow"
	some p in st.principals
	p.kind in _kinds
	lib.live(p)
	some condition in lib.limits(st, _keys[p.kind])
	some value in condition.values
	organization := split(value.text, "/")[0]
	regex.match(`^o-[a-z0-9]{10,32}$`, organization)
	not organization in input.trust.organizations
	severity := _severity(st)
	message := sprintf("`%s` lets in organization `%s`, which the configuration does not trust%s", [
		condition.key.text, organization, _what(severity),
	])
}

_kinds := {"anyone", "service"}

_keys := {
	"anyone": {"aws:PrincipalOrgID", "aws:PrincipalOrgPaths"},
	"service": {"aws:SourceOrgID", "aws:SourceOrgPaths"},
}

_severity(st) := "error" if _gives_away(st)

_severity(st) := "info" if not _gives_away(st)

_gives_away(st) if lib.unbounded_grants(st)

_gives_away(st) if {
	some name in lib.administrative
	lib.gives(st, name)
}

_what("error") := ", and lets it administer the key or create any grant"

_what("info") := ""
