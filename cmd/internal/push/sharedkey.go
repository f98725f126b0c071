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
)

// blockSharedKeys blocks all specs of a run that are for one key, however each spells it: every one of them would undo the
// others' policy, and which is meant is not known. A spec with errors, or whose key could not be described, counts too.
func (p *Planner) blockSharedKeys(ctx context.Context, items []*Item) {
	arns := p.describeBlocked(ctx, items)
	groups := map[string][]*Item{}
	for _, it := range items {
		for _, id := range p.identities(it, arns[it]) {
			groups[id] = append(groups[id], it)
		}
	}
	for _, it := range items {
		met := []*Item{it}
		key := ""
		for _, id := range p.identities(it, arns[it]) {
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
}

// blockFor blocks an item, as other specs are for the same key.
func (it *Item) blockFor(others []*Item, id string) {
	_, key, _ := strings.Cut(id, " ")
	message := fmt.Sprintf("%s and %s are both for the key %s", it.spec(), others[0].spec(), key)
	if n := len(others) - 1; n > 0 {
		message = fmt.Sprintf("%s, %s and %d more specs are for the key %s", it.spec(), others[0].spec(), n, key)
	}
	it.tell("several-specs-for-key", diag.Error, message, "keep one spec for the key: each would replace the policy of the other")
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
// alias that its spec gives.
func (p *Planner) identities(it *Item, arn string) []string {
	var list []string
	if arn = cmp.Or(it.ARN, arn); arn != "" {
		list = append(list, "key "+arn)
	}
	ref, wrong := refer(it)
	region, err := p.Cloud.Region(ref.region)
	if wrong != nil || err != nil {
		return list
	}
	key := it.Key
	key.ID, key.Region = ref.id, region
	if id := Identity(key); id != "" && !slices.Contains(list, id) {
		list = append(list, id)
	}
	return list
}

// Identity is what a key is known as, the same for every spelling of its id or of an alias: its kind, key or alias, and its
// ARN. It is "" where that is not known.
func Identity(key policy.Key) string {
	named, isARN := policy.ParseARN(key.ID)
	if !isARN {
		if key.ID == "" || key.Region == "" || key.Account == "" || key.AccountFrom == policy.FromPolicy { // which account it is in turns out later
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

// describeBlocked looks up the keys of specs that were blocked before anything was asked, where another spec of the run is
// to be put. What cannot be looked up is known by its spelling alone.
func (p *Planner) describeBlocked(ctx context.Context, items []*Item) map[*Item]string {
	if !slices.ContainsFunc(items, func(it *Item) bool { return it.State == Change }) {
		return nil
	}
	type lookup struct {
		item *Item
		arn  string
	}
	var open []*lookup
	for _, it := range items {
		if it.State == Blocked && it.ARN == "" && it.Key.ID != "" {
			open = append(open, &lookup{item: it})
		}
	}
	each(open, func(l *lookup) {
		ref, wrong := refer(l.item)
		region, err := p.Cloud.Region(ref.region)
		if wrong != nil || err != nil {
			return
		}
		if key, err := p.Cloud.KMS(l.item.Account, region).Describe(ctx, ref.id); err == nil {
			l.arn = key.ARN
		}
	})
	arns := map[*Item]string{}
	for _, l := range open {
		arns[l.item] = l.arn
	}
	return arns
}
