package facts

import (
	"slices"
	"strings"
)

// PrincipalForm is a form of principal, and whether a key policy can have it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
type PrincipalForm struct {
	Kind  string `json:"kind"`
	Form  string `json:"form"`
	Valid bool   `json:"valid"`
	// MustExist is true where KMS refuses the policy unless the principal exists.
	MustExist bool   `json:"must_exist"`
	Meaning   string `json:"meaning"`
	// Level says so where the behaviour of KMS is not verified.
	Level string `json:"level"`
}

// iamResourceTypes are what the ARNs of IAM and STS have before the first slash of their last part.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html#awsidentityandaccessmanagementiam-resources-for-iam-policies
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html#awssecuritytokenservice-resources-for-iam-policies
var iamResourceTypes = []string{
	"access-report", "assumed-role", "federated-user", "group", "instance-profile", "mfa", "oidc-provider", "policy", "role",
	"saml-provider", "server-certificate", "sms-mfa", "user",
}

// CutIAMResource splits the last part of an ARN of IAM or STS, as "role/NAME", at its kind of resource; false where a
// text does not begin with one.
func CutIAMResource(text string) (kind, rest string, ok bool) {
	kind, rest, ok = strings.Cut(text, "/")
	return kind, rest, ok && slices.Contains(iamResourceTypes, kind)
}
