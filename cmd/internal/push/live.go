package push

import (
	"cmp"
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
	Key      policy.Key // its ID is the first alias, or the ARN
	ARN      string
	Aliases  []string         // sorted
	State    string           // KMS's key state
	Document *policy.Document // nil where it was not read
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
	key := policy.Key{
		ID: m.ARN, Account: m.Account, AccountFrom: policy.FromKey, Partition: arn.Partition, Region: region,
		Spec: m.Spec, Usage: m.Usage, Origin: m.Origin, MultiRegion: m.MultiRegion,
	}
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

// Scope is an account and a Region; "" is that of the credentials or of AWS's configuration.
type Scope struct{ Account, Region string }

// String names the scope.
func (s Scope) String() string {
	return strings.TrimPrefix(strings.TrimSuffix(fmt.Sprintf("account %s in %s", s.Account, s.Region), " in "), "account  in ")
}

// Imports are the keys of accounts in Regions.
type Imports struct {
	Keys    []LiveKey // the customer managed ones, by scope and alias, those without one last by their ARN
	Leaving []string  // ARNs of keys that are to be deleted
	Managed int       // AWS managed keys
	Failed  []error   // one for each key that could not be read, and for each scope
}

// listed is a key of a scope that is to be read.
type listed struct {
	scope   Scope
	arn     string
	aliases []string // sorted
	live    *LiveKey
	err     error
}

// All reads every key of the scopes. begin is called once with the number of keys, then step after each key, from any
// goroutine. A scope whose keys cannot be listed does not keep the others from being read; where none can, it is an error.
func (c *Cloud) All(ctx context.Context, scopes []Scope, begin func(total int), step func()) (Imports, error) {
	return c.all(ctx, scopes, begin, step, readLive)
}

// Inventory does the same without reading the keys' policies.
func (c *Cloud) Inventory(ctx context.Context, scopes []Scope, begin func(total int), step func()) (Imports, error) {
	return c.all(ctx, scopes, begin, step, describeLive)
}

type reader func(ctx context.Context, client KMS, region, id string) (*LiveKey, error)

func (c *Cloud) all(ctx context.Context, scopes []Scope, begin func(total int), step func(), read reader) (Imports, error) {
	all, failed := c.list(ctx, scopes)
	if len(failed) == len(scopes) {
		return Imports{}, errors.Join(failed...)
	}
	begin(len(all))
	eachBy(all, func(l *listed) Scope { return l.scope }, func(l *listed) {
		l.live, l.err = read(ctx, c.KMS(l.scope.Account, l.scope.Region), l.scope.Region, l.arn)
		step()
	})
	out := Imports{Failed: failed}
	for _, l := range all {
		switch {
		case l.err != nil:
			out.Failed = append(out.Failed, l.err)
		case l.live == nil:
			out.Managed++
		case isLeaving(l.live.State):
			out.Leaving = append(out.Leaving, l.arn)
		default:
			l.live.Aliases = l.aliases
			if len(l.live.Aliases) > 0 {
				l.live.Key.ID, l.live.Key.Alias = l.live.Aliases[0], l.live.Aliases[0]
			}
			out.Keys = append(out.Keys, *l.live)
		}
	}
	slices.SortFunc(out.Keys, func(a, b LiveKey) int {
		return cmp.Or(strings.Compare(a.Key.Account, b.Key.Account), strings.Compare(a.Key.Region, b.Key.Region), strings.Compare(sortName(a), sortName(b)))
	})
	slices.Sort(out.Leaving)
	slices.SortFunc(out.Failed, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return out, ctx.Err()
}

// isLeaving says whether a key's state is one of those before its deletion.
func isLeaving(state string) bool {
	return strings.HasPrefix(state, pendingDeletion) && state != "PendingImport"
}

// list lists the keys of the scopes and their aliases, side by side.
func (c *Cloud) list(ctx context.Context, scopes []Scope) (all []*listed, failed []error) {
	type result struct {
		scope Scope
		keys  []*listed
		err   error
	}
	results := make([]*result, len(scopes))
	for i, s := range scopes {
		results[i] = &result{scope: s}
	}
	each(results, func(r *result) { r.keys, r.err = c.listScope(ctx, r.scope) })
	for _, r := range results {
		all = append(all, r.keys...)
		switch {
		case r.err == nil:
		case len(scopes) > 1:
			failed = append(failed, fmt.Errorf("%s: %w", r.scope, r.err))
		default:
			failed = append(failed, r.err)
		}
	}
	return all, failed
}

func (c *Cloud) listScope(ctx context.Context, s Scope) ([]*listed, error) {
	region, err := c.Region(s.Region)
	if err != nil {
		return nil, err
	}
	s.Region = region
	client := c.KMS(s.Account, s.Region)
	arns, err := client.Keys(ctx)
	if err != nil {
		return nil, err
	}
	for _, text := range arns {
		if arn, ok := policy.ParseARN(text); ok && s.Account != "" && arn.Account != s.Account {
			return nil, otherAccount(arn.Account, s.Account)
		}
	}
	aliases, err := client.Aliases(ctx)
	if err != nil {
		return nil, err
	}
	byKey := map[string][]string{}
	for _, a := range aliases {
		byKey[a.KeyID] = append(byKey[a.KeyID], a.Name)
	}
	list := make([]*listed, len(arns))
	for i, text := range arns {
		names := byKey[text[strings.LastIndexByte(text, '/')+1:]]
		slices.Sort(names)
		list[i] = &listed{scope: s, arn: text, aliases: names}
	}
	return list, nil
}

func sortName(k LiveKey) string {
	if k.Key.Alias == "" {
		return "~" + k.Key.ID
	}
	return k.Key.Alias
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
