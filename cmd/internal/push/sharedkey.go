package push

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// blockSharedKeys blocks all specs of a run that are for one key, however each spells it: every one of them would undo the
// others' policy, and which is meant is not known. A spec with errors, or whose key could not be described, counts too.
func (p *Planner) blockSharedKeys(ctx context.Context, items []*Item) {
	c := &claimants{planner: p, scopes: knownScopes(items)}
	c.lookUp(ctx, items)
	groups := map[string][]*Item{}
	for _, it := range items {
		for _, id := range c.identities(it) {
			groups[id] = append(groups[id], it)
		}
	}
	for _, it := range items {
		met := []*Item{it}
		key := ""
		for _, id := range c.identities(it) {
			for _, other := range groups[id] {
				if !slices.Contains(met, other) {
					met, key = append(met, other), cmp.Or(key, id)
				}
			}
		}
		if len(met) > 1 {
			it.blockFor(met[1:], key)
		}
	}
	c.blockUnknown(items)
}

// claimants are the specs of a run, with what is found out of the keys of those that could not be described.
type claimants struct {
	planner *Planner
	scopes  []Scope // with keys that were described
	arns    map[*Item][]string
	unknown []*lookup // which key it is stays open
}

// knownScopes are the accounts and Regions of the keys that were described.
func knownScopes(items []*Item) []Scope {
	var list []Scope
	for _, it := range items {
		if s := scopeOf(it); it.ARN != "" && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// blockFor blocks an item, as other specs are for the same key.
func (it *Item) blockFor(others []*Item, id string) {
	_, key, _ := strings.Cut(id, " ")
	message := fmt.Sprintf("%s and %s are both for the key %s", it.spec(), others[0].spec(), key)
	if n := len(others) - 1; n > 0 {
		message = fmt.Sprintf("%s, %s and %d more specs are for the key %s", it.spec(), others[0].spec(), n, key)
	}
	it.addFinding("several-specs-for-key", diag.Error, message, "keep one spec for the key: each would replace the policy of the other")
	switch it.State {
	case Change, Unchanged:
		it.end(Blocked, message)
	case Blocked, Failed, Updated, Refused, Unverified:
	}
}

// spec names the item's spec.
func (it *Item) spec() string {
	if it.Document > 0 {
		return fmt.Sprintf("%s (document %d)", it.File, it.Document)
	}
	return it.File
}

// identities are what the item's key is known as, as far as that is the same in every spelling: its ARN, and the ARN of the
// alias that its spec gives. Of a spec with errors that is all that it may be for.
func (c *claimants) identities(it *Item) []string {
	var list []string
	add := func(id string) {
		if id != "" && !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	for _, arn := range append([]string{it.ARN}, c.arns[it]...) {
		if arn != "" {
			add("key " + arn)
		}
	}
	for _, key := range c.readings(it) {
		add(Identity(key))
	}
	return list
}

// readings are the keys that an item may be for. One that can be put is for a single key.
func (c *claimants) readings(it *Item) []spec.Key {
	ref, wrong := refer(it)
	key := it.Key
	key.ID, key.Region = ref.id, ref.region
	list := []spec.Key{key}
	if arn, isARN := policy.ParseARN(it.Key.ID); isARN && wrong != nil { // the ARN and the Region disagree
		key.ID, key.Region = it.Key.ID, arn.Region
		list = append(list, key)
		arn.Region = it.Region
		key.ID, key.Region = arn.String(), it.Region
		list = append(list, key)
	}
	for _, key := range it.Claims {
		if arn, isARN := policy.ParseARN(key.ID); isARN {
			key.Region = arn.Region
		}
		list = append(list, key)
	}
	var known []spec.Key
	for _, key := range list {
		if key.ID != "" {
			known = append(known, c.within(key, it.ARN == "")...)
		}
	}
	return known
}

// within gives a key its Region, and its account where that is open: each of the run's where none is known.
func (c *claimants) within(key spec.Key, open bool) []spec.Key {
	if region, err := c.planner.Cloud.Region(key.Region); err == nil {
		key.Region = region
	}
	if open && key.AccountFrom == spec.FromPolicy { // a guess
		key.Account = ""
	}
	if _, isARN := policy.ParseARN(key.ID); isARN || key.Region != "" && key.Account != "" || !open {
		return []spec.Key{key}
	}
	var list []spec.Key
	for _, s := range c.scopes {
		if key.Region != "" && key.Region != s.Region || key.Account != "" && key.Account != s.Account {
			continue
		}
		each := key
		each.Account, each.Region = s.Account, s.Region
		if key.Account == "" {
			each.AccountFrom = spec.FromKey
		}
		list = append(list, each)
	}
	return list
}

// Identity is what a key is known as, the same for every spelling of its id or of an alias: its kind, key or alias, and its
// ARN. It is "" where that is not known.
func Identity(key spec.Key) string {
	named, isARN := policy.ParseARN(key.ID)
	if !isARN {
		if key.ID == "" || key.Region == "" || key.Account == "" || key.AccountFrom == spec.FromPolicy { // which account it is in turns out later
			return ""
		}
		partition, _ := facts.PartitionOfRegion(key.Region)
		named = policy.ARN{Partition: cmp.Or(key.Partition, partition, "aws"), Service: "kms", Region: key.Region, Account: key.Account, Resource: key.ID}
		if !strings.HasPrefix(key.ID, "alias/") {
			named.Resource = "key/" + key.ID
		}
	}
	if strings.HasPrefix(named.Resource, "alias/") {
		return "alias " + named.String()
	}
	return "key " + named.String()
}
