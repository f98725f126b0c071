package spec

import "github.com/keypolicy/keypolicy/compiler/policy"

// From says where a fact about a key comes from.
type From string

// Where facts come from.
const (
	FromFlag          From = "flag"
	FromSpec          From = "spec"
	FromKey           From = "key" // the key's ARN
	FromConfiguration From = "configuration"
	FromPolicy        From = "policy" // the one account whose account principal an Allow gives kms:PutKeyPolicy
	FromUnknown       From = "unknown"
)

// Key is what is known of the key that a spec or a policy is for, and from where its account is known.
type Key struct {
	policy.Key
	AccountFrom From
}
