package facts

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
)

// The ways in which AWS services use a key, as ServiceUse.AccessStyle.
const (
	// StyleServicePrincipal is a service that calls KMS as itself: limit it by aws:SourceArn and aws:SourceAccount.
	StyleServicePrincipal = "service_principal"
	// StyleViaService is a service that calls with its caller's credentials: limit it by kms:ViaService.
	StyleViaService = "via_service"
	// StyleServiceLinkedRole is a service that calls with a role of its own in the account.
	StyleServiceLinkedRole = "service_linked_role"
	// StylePrincipalOrg is a use by the members of an organization.
	StylePrincipalOrg = "principal_org"
)

// ServiceUse is one use of a key by an AWS service, with the statements that it needs.
type ServiceUse struct {
	// ID names the use, in kebab-case.
	ID string `json:"id"`
	// Name names it for people.
	Name string `json:"name"`
	// AccessStyle says how the service gets at the key.
	AccessStyle string `json:"access_style"`
	// Principals are the service principals, with REGION where the name holds the key's Region.
	Principals []string `json:"service_principals"`
	// ConfusedDeputyKeys are the condition keys that limit the service to the user's own resources.
	ConfusedDeputyKeys []string `json:"confused_deputy_keys"`
	// UnsupportedDeputyKeys are those that the service never sends on this use.
	UnsupportedDeputyKeys []string `json:"confused_deputy_keys_not_supported"`
	// EncryptionContextKeys are the keys of the encryption context that the service sets.
	EncryptionContextKeys []string `json:"encryption_context_keys"`
	// ViaServicePrefixes are the first parts of the kms:ViaService values that the use has.
	ViaServicePrefixes []string `json:"via_service_prefixes"`
	// KeyKinds are the kinds of key that the use works with.
	KeyKinds []string `json:"key_kinds"`
	// Statements are the statements for a key policy, with placeholders in capitals such as ACCOUNT and REGION.
	Statements []json.RawMessage `json:"statements"`
	// Verified is aws_doc, public_code or unverified: how sure the statements are.
	Verified string `json:"verified"`
	// Source is where they are from.
	Source string `json:"source"`
	// Notes are sentences for people.
	Notes []string `json:"notes"`
}

// ConfusedDeputyException is a use in which a service principal cannot be limited by the usual condition keys.
type ConfusedDeputyException struct {
	Principal string `json:"principal"`
	When      string `json:"when"`
	// Use is the id of the use; "" where the keys are sent, but not documented.
	Use          string   `json:"use"`
	NotSupported []string `json:"not_supported"`
}

// CallerPrincipal is a service principal whose service gets at keys through its callers' sessions or through grants, so
// that a statement for the principal hardly ever applies.
type CallerPrincipal struct {
	// Principal is the service principal that policies name in vain.
	Principal string `json:"principal"`
	// Name names the service for people.
	Name string `json:"name"`
	// Means says in words how the service uses keys.
	Means string `json:"means"`
	// Via is the first part of the kms:ViaService values of its callers; "" where no caller has one.
	Via string `json:"via"`
	// AsItself names what the service uses keys for as itself; "" where nothing is known.
	AsItself string `json:"as_itself"`
	// Source is the page of AWS that says so.
	Source string `json:"source"`
}

// ServicePrincipal is a service principal that these facts know a use of.
type ServicePrincipal struct {
	// Name is the principal, with REGION where its name holds the key's Region.
	Name string
	// Regional is true for such a name.
	Regional bool
	// Uses are the ids of the uses.
	Uses []string
}

// PublishedGrantStatement is a statement that a page of AWS gives for a service principal, with kms:CreateGrant and without a
// condition. Whether the service sends keys that say for whom it acts is not documented.
type PublishedGrantStatement struct {
	// Principal is the service principal, with REGION where its name holds the key's Region.
	Principal string `json:"principal"`
	// Actions are the statement's actions.
	Actions []string `json:"actions"`
	// Source is the page.
	Source string `json:"source"`
}

// sourcedPrincipal is a service principal of which a page of AWS says something.
type sourcedPrincipal struct {
	Principal string `json:"principal"`
	Source    string `json:"source"`
}

type serviceData struct {
	Date       string                    `json:"date"`
	Regional   []string                  `json:"regional_principals"`
	Exceptions []ConfusedDeputyException `json:"confused_deputy_exceptions"`
	Index      map[string][]string       `json:"principal_index"`
	Callers    []CallerPrincipal         `json:"caller_principals"`
	Members    []sourcedPrincipal        `json:"member_account_principals"`
	Delegating []sourcedPrincipal        `json:"delegating_principals"`
	Grants     []PublishedGrantStatement `json:"published_grant_statements"`
	Uses       []ServiceUse              `json:"services"`
}

var serviceFile = lazy[serviceData]("service-principals.json")

// ServiceUses returns every known use of a key by a service, sorted by id.
func ServiceUses() []ServiceUse {
	sorted := slices.Clone(serviceFile().Uses)
	slices.SortFunc(sorted, func(a, b ServiceUse) int { return strings.Compare(a.ID, b.ID) })
	return sorted
}

// LookupServiceUse finds a use by its id.
func LookupServiceUse(id string) (ServiceUse, bool) {
	uses := serviceFile().Uses
	i := slices.IndexFunc(uses, func(u ServiceUse) bool { return u.ID == id })
	if i < 0 {
		return ServiceUse{}, false
	}
	return uses[i], true
}

// ConfusedDeputyExceptions returns the uses in which a service cannot be limited by the usual condition keys.
func ConfusedDeputyExceptions() []ConfusedDeputyException {
	return slices.Clone(serviceFile().Exceptions)
}

// LookupCallerPrincipal finds a service principal whose service uses keys through its callers or through grants.
func LookupCallerPrincipal(name string) (CallerPrincipal, bool) {
	callers := serviceFile().Callers
	i := slices.IndexFunc(callers, func(c CallerPrincipal) bool { return c.Principal == name })
	if i < 0 {
		return CallerPrincipal{}, false
	}
	return callers[i], true
}

// DeliversForMembers reports whether a service delivers for the member accounts of an organization with one key.
func DeliversForMembers(name string) bool {
	return listed(serviceFile().Members, name)
}

// DelegatesKeys reports whether AWS's guide gives a delegated administrator's account all of the service's key.
func DelegatesKeys(name string) bool {
	return listed(serviceFile().Delegating, name)
}

// LookupPublishedGrantStatement finds the statement with kms:CreateGrant and without a condition that a page of AWS gives for a
// service principal.
func LookupPublishedGrantStatement(name string) (PublishedGrantStatement, bool) {
	statements := serviceFile().Grants
	i := slices.IndexFunc(statements, func(st PublishedGrantStatement) bool {
		if _, ok := regionIn(st.Principal, name); ok {
			return true
		}
		return st.Principal == name
	})
	if i < 0 {
		return PublishedGrantStatement{}, false
	}
	return statements[i], true
}

func listed(principals []sourcedPrincipal, name string) bool {
	return slices.ContainsFunc(principals, func(p sourcedPrincipal) bool { return p.Principal == name })
}

var servicePrincipals = sync.OnceValue(func() []ServicePrincipal {
	var principals []ServicePrincipal
	for name, uses := range serviceFile().Index {
		regional := slices.Contains(serviceFile().Regional, name)
		principals = append(principals, ServicePrincipal{Name: name, Regional: regional, Uses: uses})
	}
	slices.SortFunc(principals, func(a, b ServicePrincipal) int { return strings.Compare(a.Name, b.Name) })
	return principals
})

// ServicePrincipals returns the service principals that have a known use, sorted by name. There are more of them at AWS.
func ServicePrincipals() []ServicePrincipal {
	return slices.Clone(servicePrincipals())
}

// LookupServicePrincipal finds a service principal as a policy names it. Its region is the one in a Regional name, or in
// the form SERVICE.REGION.amazonaws.com that services of opt-in Regions use. Both are understood with the suffix of the
// China Regions too.
func LookupServicePrincipal(name string) (principal ServicePrincipal, region string, ok bool) {
	name = strings.TrimSuffix(name, ".cn")
	for _, p := range servicePrincipals() {
		if name == p.Name && !p.Regional {
			return p, "", true
		}
		form := p.Name
		if !p.Regional {
			form = strings.TrimSuffix(form, "amazonaws.com") + "REGION.amazonaws.com"
		}
		if region, ok := regionIn(form, name); ok {
			return p, region, true
		}
	}
	return ServicePrincipal{}, "", false
}

// RegionalPrincipal returns the form, with REGION, of a service principal that is known only with a Region in its name and
// that name lacks; "" where there is none.
func RegionalPrincipal(name string) string {
	for _, p := range servicePrincipals() {
		if p.Regional && strings.Replace(p.Name, "REGION.", "", 1) == strings.TrimSuffix(name, ".cn") {
			return p.Name
		}
	}
	return ""
}

// regionIn returns the region that is in name where form has REGION.
func regionIn(form, name string) (string, bool) {
	before, after, _ := strings.Cut(form, "REGION")
	rest, ok := strings.CutPrefix(name, before)
	if !ok {
		return "", false
	}
	region, ok := strings.CutSuffix(rest, after)
	if !ok {
		return "", false
	}
	_, ok = PartitionOfRegion(region)
	return region, ok
}
