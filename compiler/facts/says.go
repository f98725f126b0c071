package facts

import (
	"strings"
	"sync"
)

// Says is what a condition key says of a request: of whom or of what, a dot, and which part of it. Empty is a key of which nothing
// but its value is looked at. A key that AWS adds to a family of these, or renames, needs the field in its entry and nothing else.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
type Says string

// Who calls.
const (
	CallerARN              Says = "caller.arn"
	CallerAccount          Says = "caller.account"
	CallerType             Says = "caller.type"
	CallerName             Says = "caller.name"
	CallerIsService        Says = "caller.is_service"
	CallerService          Says = "caller.service"
	CallerID               Says = "caller.id"
	CallerOrganization     Says = "caller.organization"
	CallerOrganizationPath Says = "caller.organization_path"
	CallerTag              Says = "caller.tag"
)

// From where a request comes: an address, a VPC endpoint, or what runs the caller's code.
const (
	NetworkAddress           Says = "network.address"
	EndpointAddress          Says = "endpoint.address"
	EndpointVPC              Says = "endpoint.vpc"
	EndpointVPCARN           Says = "endpoint.vpc_arn"
	EndpointID               Says = "endpoint.id"
	EndpointAccount          Says = "endpoint.account"
	EndpointOrganization     Says = "endpoint.organization"
	EndpointOrganizationPath Says = "endpoint.organization_path"
	ComputeVPC               Says = "compute.vpc"
	ComputeAddress           Says = "compute.address"
	ComputeARN               Says = "compute.arn"
)

// For whom a service acts in a request of its own.
const (
	SourceARN              Says = "source.arn"
	SourceAccount          Says = "source.account"
	SourceOrganization     Says = "source.organization"
	SourceOrganizationPath Says = "source.organization_path"
)

// Through which services a request was made.
const (
	ViaServiceName Says = "via.service"
	ViaChain       Says = "via.chain"
	ViaIsService   Says = "via.is_service"
)

// What the key is that is asked for.
const (
	ResourceAccount          Says = "resource.account"
	ResourceOrganization     Says = "resource.organization"
	ResourceOrganizationPath Says = "resource.organization_path"
	ResourceTag              Says = "resource.tag"
	ResourceAlias            Says = "resource.alias"
	ResourceKeySpec          Says = "resource.key_spec"
	ResourceKeyUsage         Says = "resource.key_usage"
	ResourceKeyOrigin        Says = "resource.key_origin"
	ResourceMultiRegion      Says = "resource.multi_region"
	ResourceMultiRegionType  Says = "resource.multi_region_type"
)

// What is asked for, and how.
const (
	RequestRegion        Says = "request.region"
	RequestReplicaRegion Says = "request.replica_region"
	RequestPrimaryRegion Says = "request.primary_region"
	RequestAlias         Says = "request.alias"
	RequestTag           Says = "request.tag"
	RequestTagNames      Says = "request.tag_names"
	RequestTime          Says = "request.time"
	RequestTimeNumber    Says = "request.time_number"
	RequestTLS           Says = "request.tls"
	RequestMFA           Says = "request.mfa"
	RequestUserAgent     Says = "request.user_agent"
	RequestReferer       Says = "request.referer"
	ContextPair          Says = "context.pair"
	ContextNames         Says = "context.names"
	AttestationDocument  Says = "attestation.document"
)

// What a grant is to give, and to whom.
const (
	GrantForAWSResource   Says = "grant.for_aws_resource"
	GrantGrantee          Says = "grant.grantee"
	GrantGranteeService   Says = "grant.grantee_service"
	GrantOperations       Says = "grant.operations"
	GrantConstraint       Says = "grant.constraint"
	GrantConstraintSource Says = "grant.constraint_source"
	GrantRetirer          Says = "grant.retirer"
	GrantRetirerService   Says = "grant.retirer_service"
)

// FollowsFromCaller is true for what a principal's own ARN, or a service's name, settles.
func (s Says) FollowsFromCaller() bool {
	switch s {
	case CallerARN, CallerAccount, CallerType, CallerName, CallerIsService, CallerService:
		return true
	}
	return false
}

// NamesPrincipal is true for what says which IAM principal calls.
func (s Says) NamesPrincipal() bool {
	return s == CallerARN || s == CallerAccount || s == CallerType
}

// OfEndpoint is true for what only a request through a VPC endpoint has.
func (s Says) OfEndpoint() bool { return strings.HasPrefix(string(s), "endpoint.") }

// OfSource is true for what says for whom a service acts.
func (s Says) OfSource() bool { return strings.HasPrefix(string(s), "source.") }

// OfResource is true for what the KMS key is that is asked for.
func (s Says) OfResource() bool { return strings.HasPrefix(string(s), "resource.") }

// IsOrganization is true for an organization's id.
func (s Says) IsOrganization() bool { return strings.HasSuffix(string(s), ".organization") }

// IsOrganizationPath is true for paths in an organization, which begin with its id.
func (s Says) IsOrganizationPath() bool { return strings.HasSuffix(string(s), ".organization_path") }

// KeySays returns what a condition key says. The name is in lower case.
func KeySays(lower string) Says {
	t := keysSaying()
	if s, ok := t.single[lower]; ok {
		return s
	}
	for _, f := range t.families {
		if len(lower) > len(f.prefix) && strings.HasPrefix(lower, f.prefix) {
			return f.says
		}
	}
	return ""
}

// KeysSaying returns the names of the keys that say something, families left out, in lower case and sorted.
func KeysSaying(s Says) []string { return keysSaying().names[s] }

// KeyPair is two condition keys of which the values of one hold the value of the other: an ARN its account, a path its
// organization. In a request that has both they agree.
type KeyPair struct {
	ID, Long string // in lower case
	Says     Says   // of the long one
}

// KeyPairs returns all of them, sorted by the long key.
func KeyPairs() []KeyPair { return keysSaying().pairs }

type sayingTable struct {
	single   map[string]Says
	names    map[Says][]string
	families []sayingFamily
	pairs    []KeyPair
}

type sayingFamily struct {
	prefix string
	says   Says
}

var keysSaying = sync.OnceValue(func() sayingTable {
	t := sayingTable{single: map[string]Says{}, names: map[Says][]string{}}
	for _, k := range conditionKeys().sorted {
		lower := strings.ToLower(k.Name)
		switch {
		case k.Says == "":
		case k.Pattern:
			t.families = append(t.families, sayingFamily{strings.ToLower(k.Prefix), k.Says})
		default:
			t.single[lower] = k.Says
			t.names[k.Says] = append(t.names[k.Says], lower)
		}
		if k.HoldsID != "" {
			t.pairs = append(t.pairs, KeyPair{strings.ToLower(k.HoldsID), lower, k.Says})
		}
	}
	return t
})
