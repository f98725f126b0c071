# METADATA
# title: Identity provider as principal
# description: >-
#   Federated is for the trust policy of a role. Users who sign in through a SAML or OIDC provider call KMS as the
#   role that they assumed, so a key policy that names the provider gives access to nobody. Whether KMS refuses it
#   is not documented.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principals-federated
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers.html
# custom:
#   severity: warning
#   subject: statement
#   when: [federated]
#   remedy: Name the role that the provider's users assume.
package keypolicy.rules.principals["federated-principal"]

import data.keypolicy.lib

findings contains lib.at(p.path, message) if {
	some p in lib.own_principals(input.statement)
	p.element == "Federated"
	p.fault == ""
	message := sprintf("`%s` is an identity provider: its users call KMS as the role that they assumed, and never as this", [p.text])
}
