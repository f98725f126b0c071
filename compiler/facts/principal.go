package facts

import (
	"maps"
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

// UniqueIDPrefix is what the unique ids of one kind of IAM entity start with.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
type UniqueIDPrefix struct {
	// Prefix is four letters, as in AROA.
	Prefix string
	// Kind is what has such an id, as in IAM role.
	Kind string
	// Deleted is true where the id is in a policy for a principal that was deleted.
	Deleted bool
}

type deletedPrincipalsData struct {
	Prefixes map[string]string `json:"id_prefixes"`
	Pattern  string            `json:"id_pattern"`
	Others   map[string]string `json:"other_prefixes_not_principals_here"`
}

// UniqueIDPrefixes returns the prefixes of unique ids, sorted.
func UniqueIDPrefixes() []UniqueIDPrefix {
	var prefixes []UniqueIDPrefix
	data := putKeyPolicyFile().Deleted
	for _, p := range slices.Sorted(maps.Keys(data.Prefixes)) {
		prefixes = append(prefixes, UniqueIDPrefix{Prefix: p, Kind: data.Prefixes[p], Deleted: true})
	}
	for _, p := range slices.Sorted(maps.Keys(data.Others)) {
		prefixes = append(prefixes, UniqueIDPrefix{Prefix: p, Kind: data.Others[p]})
	}
	slices.SortFunc(prefixes, func(a, b UniqueIDPrefix) int { return strings.Compare(a.Prefix, b.Prefix) })
	return prefixes
}

// UniqueID reports whether text has the form of a unique id: a known prefix, then capitals and digits. There are usually
// 17 of those, but AWS does not promise it.
func UniqueID(text string) (UniqueIDPrefix, bool) {
	for _, p := range UniqueIDPrefixes() {
		rest, ok := strings.CutPrefix(text, p.Prefix)
		if ok && rest != "" && strings.Trim(rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == "" {
			return p, true
		}
	}
	return UniqueIDPrefix{}, false
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
