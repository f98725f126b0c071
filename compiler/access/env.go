package access

import (
	"slices"
	"strings"
	"time"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

// Env is what is known beside the policy. A zero field is not known, and what depends on it is unknown.
// Nothing here is looked up: the package is pure, so that the same policy has the same answer on every machine and
// day. Who calls it says what is known, and each field that is left out costs certainty and never correctness.
type Env struct {
	Account   string // the key's account, 12 digits
	Partition string // "" is taken from the key's ARN, the Region or the policy's principals, else aws
	Region    string
	KeyARN    string
	KeyID     string // key id or key ARN

	KeySpec     string // as KMS spells them
	KeyUsage    string
	Origin      string
	MultiRegion *bool

	Today time.Time // the time of simulated requests, and from which it is asked who can still do something

	TrustAccounts []string
	TrustOrgs     []string
	Caller        string // the ARN that KMS's lockout safety check would see

	Budget Budget

	outsiders bool // an organization, an account or the like that is still to be filled in is not an outsider's
}

// trustsOrg reports whether an organization is trusted. AWS makes ids of lower-case letters and digits only, so what a comparison without
// regard to case takes in beside a trusted id is nobody's.
// https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
func (e Env) trustsOrg(id string) bool {
	return slices.ContainsFunc(e.TrustOrgs, func(trusted string) bool { return strings.EqualFold(trusted, id) })
}

// EnvOf takes over what is known of a policy's key.
// MultiRegion has three states for a reason: "false" of a spec that says nothing would pin kms:MultiRegion to
// false and make conditions on it look dead.
func EnvOf(key policy.Key) Env {
	env := Env{
		Account: key.Account, Partition: key.Partition, Region: key.Region, KeyID: key.ID,
		KeySpec: key.Spec, KeyUsage: key.Usage, Origin: key.Origin,
	}
	if key.Spec != "" { // a plain document does not say
		env.MultiRegion = &key.MultiRegion
	}
	return env
}
