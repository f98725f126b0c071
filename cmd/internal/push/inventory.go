package push

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

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

// isLeaving reports whether a key's state is one of those before its deletion.
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

// None is the error where there is nothing to import.
func (i Imports) None() error {
	if len(i.Keys)+len(i.Failed)+len(i.Leaving) == 0 {
		return errNothingImported
	}
	return nil
}
