package push

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// LiveKey is a key as it is now: its policy, and what a spec has to say of it.
type LiveKey struct {
	Key      spec.Key // its ID is the first alias, or the ARN
	ARN      string
	Aliases  []string         // sorted
	State    string           // KMS's key state
	Document *policy.Document // nil where it was not read
}

// pendingDeletion begins the states of keys that are to be deleted; a replica's primary waits for the replica.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
const pendingDeletion = "Pending"

// Read reads one customer managed key, by its id, ARN or alias. Its errors are sentences for the user.
func (c *Cloud) Read(ctx context.Context, key spec.Key) (LiveKey, error) {
	it := &Item{Target: Target{Key: key}, Account: key.Account, Region: key.Region}
	ref, wrong := refer(it)
	if wrong != nil {
		return LiveKey{}, fmt.Errorf("%s: %s", wrong.Message, wrong.Help)
	}
	region, err := c.Region(ref.region)
	if err != nil {
		return LiveKey{}, err
	}
	live, err := readLive(ctx, c.KMS(key.Account, region), region, ref.id)
	if err != nil {
		return LiveKey{}, err
	}
	if live == nil {
		return LiveKey{}, fmt.Errorf("%s is an AWS managed key, whose policy cannot be changed: name a customer managed key", key.ID)
	}
	if key.Account != "" && live.Key.Account != key.Account {
		return LiveKey{}, otherAccount(live.Key.Account, key.Account)
	}
	if key.ID != "" {
		live.Key.ID, live.Key.Alias = key.ID, key.Alias
	}
	return *live, nil
}

// otherAccount is the error where the credentials lead into another account than the one that was asked for.
func otherAccount(is, asked string) error {
	return fmt.Errorf("the credentials lead to keys of account %s, and account %s was asked for: use that account's own credentials, or write `accounts: {%q: {role_arn: …}}` into .keypolicy.yaml", is, asked, asked)
}

// describeLive reads what KMS says of a key, without its policy; nil for an AWS managed key.
func describeLive(ctx context.Context, client KMS, region, id string) (*LiveKey, error) {
	m, err := client.Describe(ctx, id)
	if err != nil {
		return nil, err
	}
	if m.Manager == "AWS" {
		return nil, nil
	}
	arn, _ := policy.ParseARN(m.ARN)
	key := spec.Key{AccountFrom: spec.FromKey, Key: policy.Key{
		ID: m.ARN, Account: m.Account, Partition: arn.Partition, Region: region,
		Spec: m.Spec, Usage: m.Usage, Origin: m.Origin, MultiRegion: m.MultiRegion,
	}}
	if usages := facts.KeyUsages(m.Spec); key.Usage == "" && len(usages) == 1 { // servers that are not KMS leave it out
		key.Usage = usages[0]
	}
	key.Kind, _ = facts.KeyKind(key.Spec, key.Usage)
	return &LiveKey{Key: key, ARN: m.ARN, State: m.State}, nil
}

// readLive reads a key and its policy; nil for an AWS managed key.
func readLive(ctx context.Context, client KMS, region, id string) (*LiveKey, error) {
	live, err := describeLive(ctx, client, region, id)
	if live == nil || err != nil {
		return nil, err
	}
	text, err := client.Policy(ctx, live.ARN)
	if err != nil {
		return nil, err
	}
	if live.Document, err = read([]byte(text)); err != nil {
		return nil, fmt.Errorf("the policy of %s cannot be read: %w", live.ARN, err)
	}
	return live, nil
}

// Identities are what the key is known as, by its ARN and by each alias.
func (k LiveKey) Identities() []string {
	list := []string{"key " + k.ARN}
	arn, _ := policy.ParseARN(k.ARN)
	for _, alias := range k.Aliases {
		arn.Resource = alias
		list = append(list, "alias "+arn.String())
	}
	return list
}

// IsKeyName reports whether a text names a key: an alias, an ARN or a key's id.
func IsKeyName(text string) bool {
	_, isARN := policy.ParseARN(text)
	return isARN || strings.HasPrefix(text, "alias/") || keyID.MatchString(text)
}

var errNothingImported = errors.New("there is no customer managed key to import")
