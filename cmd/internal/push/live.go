package push

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// LiveKey is a key as it is now: its policy, and what a spec has to say of it.
type LiveKey struct {
	Key      policy.Key
	State    string // KMS's key state
	Document *policy.Document
}

// pendingDeletion begins the states of keys that are to be deleted; a replica's primary waits for the replica.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
const pendingDeletion = "Pending"

// Read reads one customer managed key, by its id, ARN or alias. Its errors are sentences for the user.
func (c *Cloud) Read(ctx context.Context, key policy.Key) (LiveKey, error) {
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
		return LiveKey{}, fmt.Errorf("%s is an AWS managed key, whose policy nobody can change: name a customer managed key", key.ID)
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
	return fmt.Errorf("the credentials lead to keys of account %s, and account %s was asked for: take that account's own credentials, or write `accounts: {%q: {role_arn: …}}` into .keypolicy.yaml", is, asked, asked)
}

// readLive reads a key and its policy; nil for an AWS managed key.
func readLive(ctx context.Context, client KMS, region, id string) (*LiveKey, error) {
	m, err := client.Describe(ctx, id)
	if err != nil {
		return nil, err
	}
	if m.Manager == "AWS" {
		return nil, nil
	}
	text, err := client.Policy(ctx, m.ARN)
	if err != nil {
		return nil, err
	}
	doc, err := read([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("the policy of %s cannot be read: %w", m.ARN, err)
	}
	arn, _ := policy.ParseARN(m.ARN)
	key := policy.Key{
		ID: m.ARN, Account: m.Account, AccountFrom: policy.FromKey, Partition: arn.Partition, Region: region,
		Spec: m.Spec, Usage: m.Usage, Origin: m.Origin, MultiRegion: m.MultiRegion,
	}
	if usages := facts.KeyUsages(m.Spec); key.Usage == "" && len(usages) == 1 { // servers that are not KMS leave it out
		key.Usage = usages[0]
	}
	key.Kind, _ = facts.KeyKind(key.Spec, key.Usage)
	return &LiveKey{Key: key, State: m.State, Document: doc}, nil
}

// Imports are the keys of an account in a Region.
type Imports struct {
	Keys    []LiveKey // the customer managed ones, by their alias, those without one last by their ARN
	Leaving []string  // ARNs of keys that are to be deleted
	Managed int       // AWS managed keys
	Failed  []error   // one for each key that could not be read
}

// All reads every key of an account in a Region. begin is called once with the number of keys, then step after each key,
// from any goroutine.
func (c *Cloud) All(ctx context.Context, account, region string, begin func(total int), step func()) (Imports, error) {
	region, err := c.Region(region)
	if err != nil {
		return Imports{}, err
	}
	client := c.KMS(account, region)
	arns, err := client.Keys(ctx)
	if err != nil {
		return Imports{}, err
	}
	for _, text := range arns {
		if arn, ok := policy.ParseARN(text); ok && account != "" && arn.Account != account {
			return Imports{}, otherAccount(arn.Account, account)
		}
	}
	aliases, err := client.Aliases(ctx)
	if err != nil {
		return Imports{}, err
	}
	type one struct {
		arn  string
		live *LiveKey
		err  error
	}
	all := make([]*one, len(arns))
	for i, arn := range arns {
		all[i] = &one{arn: arn}
	}
	begin(len(all))
	each(all, func(o *one) {
		o.live, o.err = readLive(ctx, client, region, o.arn)
		step()
	})
	var out Imports
	for _, o := range all {
		switch {
		case o.err != nil:
			out.Failed = append(out.Failed, o.err)
		case o.live == nil:
			out.Managed++
		case strings.HasPrefix(o.live.State, pendingDeletion) && o.live.State != "PendingImport":
			out.Leaving = append(out.Leaving, o.arn)
		default:
			if name := firstAlias(o.arn, aliases); name != "" {
				o.live.Key.ID, o.live.Key.Alias = name, name
			}
			out.Keys = append(out.Keys, *o.live)
		}
	}
	slices.SortFunc(out.Keys, func(a, b LiveKey) int { return strings.Compare(sortName(a), sortName(b)) })
	slices.Sort(out.Leaving)
	slices.SortFunc(out.Failed, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return out, ctx.Err()
}

func sortName(k LiveKey) string {
	if k.Key.Alias == "" {
		return "~" + k.Key.ID
	}
	return k.Key.Alias
}

// firstAlias is the first alias of a key, by name; "" where it has none.
func firstAlias(arn string, aliases []Alias) string {
	first := ""
	for _, a := range aliases {
		if strings.HasSuffix(arn, ":key/"+a.KeyID) && (first == "" || a.Name < first) {
			first = a.Name
		}
	}
	return first
}

// keyID is the id of a key, or of a multi-Region key.
// https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-id
var keyID = regexp.MustCompile(`^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$`)

// IsKeyName says whether a text names a key: an alias, an ARN or a key's id.
func IsKeyName(text string) bool {
	_, isARN := policy.ParseARN(text)
	return isARN || strings.HasPrefix(text, "alias/") || keyID.MatchString(text)
}

var errNothingImported = errors.New("there is no customer managed key to import")

// None is the error where there is nothing to import.
func (i Imports) None() error {
	if len(i.Keys)+len(i.Failed)+len(i.Leaving) == 0 {
		return errNothingImported
	}
	return nil
}
