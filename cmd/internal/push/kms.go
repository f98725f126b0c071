package push

import "context"

// KMS is what is asked of KMS with the credentials of one account, in one Region. Its errors are sentences for the user.
type KMS interface {
	// Describe looks a key up by its id, ARN, alias or alias ARN.
	Describe(ctx context.Context, key string) (Metadata, error)
	// Policy reads a key's policy. Like PutPolicy it takes a key's id or ARN, and no alias.
	Policy(ctx context.Context, key string) (string, error)
	// WaitForRate waits until a PutPolicy is within the request rate.
	WaitForRate(ctx context.Context) error
	// PutPolicy puts a policy once, and never tries again by itself. Where it is too early for a put, it is an *earlyError.
	PutPolicy(ctx context.Context, key, policy string) error
	// Grants lists a key's grants.
	Grants(ctx context.Context, key string) ([]Grant, error)
	// Keys lists the ARNs of the keys of the account in the Region, AWS managed ones too.
	Keys(ctx context.Context) ([]string, error)
	// Aliases lists the aliases that lead to a key.
	Aliases(ctx context.Context) ([]Alias, error)
}

// Metadata is what KMS says of a key, in its own words.
type Metadata struct {
	ARN, ID, Account, State, Spec, Usage, Origin, Manager string
	MultiRegion                                           bool
	Replica                                               bool     // of a multi-Region key
	Related                                               []string // ARNs of the primary and the replicas of a multi-Region key, sorted, without its own
}

// Grant is one of a key's grants.
type Grant struct{ ID, Name, Grantee string }

// Alias leads to a key.
type Alias struct{ Name, KeyID string }

// Caller is who signs the requests. Where STS is out of reach nothing of it is known but why.
type Caller struct{ ARN, Account, unknown string }
