package push

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// workers bounds the keys that are looked at side by side; the request rates bound the rest.
const workers = 16

// Planner compares targets with the live policies. It changes nothing.
type Planner struct {
	Cloud *Cloud
	// AllowLosingOwnAccess makes a warning of what would keep the caller from changing the policy again.
	AllowLosingOwnAccess bool
	// Done is called after each key, from any goroutine; nil is nobody.
	Done func()
}

// Plan gives each target's item, in the order of the targets.
func (p *Planner) Plan(ctx context.Context, targets []Target) []*Item {
	items := make([]*Item, len(targets))
	for i, t := range targets {
		items[i] = &Item{Target: t, Account: t.Key.Account, Region: t.Key.Region}
	}
	each(items, func(it *Item) {
		p.plan(ctx, it)
		if p.Done != nil {
			p.Done()
		}
	})
	oneSpecAKey(items)
	for _, it := range items {
		it.Findings.Sort()
	}
	return items
}

// each does something with every item, side by side.
func each[T any](items []*T, do func(it *T)) {
	next := make(chan *T)
	var all sync.WaitGroup
	for range min(workers, len(items)) {
		all.Go(func() {
			for it := range next {
				do(it)
			}
		})
	}
	for _, it := range items {
		next <- it
	}
	close(next)
	all.Wait()
}

func (p *Planner) plan(ctx context.Context, it *Item) {
	if it.Findings.HasErrors() {
		it.end(Blocked, errorsFound(it.Findings))
		return
	}
	doc := p.offline(it)
	ref, wrong := refer(it)
	if wrong != nil {
		it.Findings = append(it.Findings, *wrong)
	}
	if it.block() {
		return
	}
	if err := p.online(ctx, it, ref, doc); err != nil {
		it.end(Failed, err.Error())
	}
}

// offline finds what can be told of a policy before anything is asked of AWS.
func (p *Planner) offline(it *Item) *policy.Document {
	doc, err := read(it.Policy)
	if err != nil {
		it.tell("policy-text", diag.Error, "the policy cannot be read back: "+err.Error(), "report this")
		return nil
	}
	checkSize(it)
	checkDeleted(it, doc)
	env := access.Env{Account: it.Key.Account, Partition: it.Key.Partition, Region: it.Key.Region}
	if it.Key.AccountFrom == policy.FromPolicy {
		env.Account = ""
	}
	if l := access.NewAnalysis(doc, env).Lockout(); l.Editors == access.EditorsNone {
		tellNoEditor(it)
	}
	return doc
}

func tellNoEditor(it *Item) {
	it.tell("no-editor", diag.Error, "with this policy nobody could change the key's policy again, and the key would be lost",
		"allow kms:PutKeyPolicy to the account's principal or to an administrator, without a condition or a Deny that takes it back")
}

// block ends an item that has errors.
func (it *Item) block() bool {
	if !it.Findings.HasErrors() {
		return false
	}
	for _, f := range it.Findings {
		if f.Severity == diag.Error {
			it.end(Blocked, f.Message)
			return true
		}
	}
	return true
}

func errorsFound(found diag.List) string {
	if n := found.Count(diag.Error); n > 1 {
		return fmt.Sprintf("lint finds %d errors", n)
	}
	return "lint finds an error"
}

// online reads the key and its policy and compares.
func (p *Planner) online(ctx context.Context, it *Item, ref reference, doc *policy.Document) error {
	region, err := p.Cloud.Region(ref.region)
	if err != nil {
		return err
	}
	ref.region, it.Region = region, region
	if it.Account == "" {
		if arn, ok := policy.ParseARN(ref.id); ok {
			it.Account = arn.Account
		}
	}
	caller, err := p.caller(ctx, it)
	if err != nil {
		return err
	}
	client := p.Cloud.KMS(it.Account, it.Region)
	key, err := client.Describe(ctx, ref.id)
	if err != nil {
		return err
	}
	it.ARN = key.ARN
	if guessed := it.Account == "" || it.Key.AccountFrom == policy.FromPolicy; guessed && p.Cloud.way(it.Account, it.Region) != p.Cloud.way(key.Account, it.Region) {
		// The put goes in by the role of the key's account, so that role is the caller to judge.
		it.Account = key.Account
		if caller, err = p.caller(ctx, it); err != nil {
			return err
		}
		client = p.Cloud.KMS(it.Account, it.Region)
	}
	if it.Account == "" {
		it.Account = key.Account
	}
	p.judgeKey(it, key, caller)
	if it.block() {
		return nil
	}
	live, err := client.Policy(ctx, it.ARN)
	if err != nil {
		return err
	}
	it.Live, it.LiveDigest = live, Digest([]byte(live))
	it.env = envOf(it, key)
	return p.compare(ctx, it, client, doc, caller)
}

// caller tells who is asking, and that it is an account's own key: PutKeyPolicy works in no other account.
// https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
func (p *Planner) caller(ctx context.Context, it *Item) (Caller, error) {
	account := it.Account
	caller, err := p.Cloud.Caller(ctx, account, it.Region)
	if err != nil {
		return caller, err
	}
	it.Caller = caller.ARN
	known := caller.Account != "" && account != "" && it.Key.AccountFrom != policy.FromPolicy
	if known && caller.Account != account {
		return caller, fmt.Errorf("the key is in account %s, and the credentials are of account %s: take the account's own credentials, or write `accounts: {%q: {role_arn: …}}` into .keypolicy.yaml",
			account, caller.Account, account)
	}
	return caller, nil
}

// envOf is what is known of the live key, for the reasoning about both policies.
func envOf(it *Item, key Metadata) access.Env {
	env := access.Env{
		Account: key.Account, Region: it.Region, KeyARN: key.ARN, KeyID: key.ID,
		KeySpec: key.Spec, KeyUsage: key.Usage, Origin: key.Origin, MultiRegion: &key.MultiRegion,
	}
	if arn, ok := policy.ParseARN(key.ARN); ok {
		env.Partition = arn.Partition
	}
	return env
}

// compare judges the wanted policy against the live one.
func (p *Planner) compare(ctx context.Context, it *Item, client KMS, doc *policy.Document, caller Caller) error {
	live, err := read([]byte(it.Live))
	if err != nil {
		return errors.New("the live policy cannot be read: " + err.Error())
	}
	it.Diff = access.Diff(live, doc, it.env, it.env)
	if alike(live, doc, it.env.Partition) {
		it.Diff = &access.Difference{Equivalent: true, Added: []access.Change{}, Removed: []access.Change{}, Future: []access.Change{}, Unknown: []string{}}
	}
	asRoles := !settled(it.Diff) && compareAsRoles(it)
	tellDeleted(it, live, doc)
	if settled(it.Diff) {
		it.end(Unchanged, "")
		switch {
		case asRoles:
			it.Reason = "the live policy names roles in place of sessions"
		case it.Live != string(it.Policy):
			it.Reason = "only order, spelling or labels differ"
		}
		return nil
	}
	p.judgeLockout(it, doc, caller)
	if it.block() {
		return nil
	}
	judgeReadBack(it, live, doc, caller)
	if err := p.judgeGrants(ctx, it, client); err != nil {
		return err
	}
	it.end(Change, "")
	switch {
	case it.Diff.Equivalent:
		it.Reason = "it differs for actions alone that AWS may add"
	case len(it.Diff.Added)+len(it.Diff.Removed) == 0:
		it.Reason = "what differs could not be worked out"
	}
	return nil
}

// compareAsRoles takes a live policy for the wanted one where they differ in nothing but roles for sessions: to put it
// again would change nothing.
func compareAsRoles(it *Item) bool {
	a, b, sessions, ok := asRoles(it.Live, string(it.Policy))
	if !ok {
		return false
	}
	live, err := read([]byte(a))
	if err != nil {
		return false
	}
	wanted, err := read([]byte(b))
	if err != nil || !alike(live, wanted, it.env.Partition) && !settled(access.Diff(live, wanted, it.env, it.env)) {
		return false
	}
	it.Diff = &access.Difference{Equivalent: true, Added: []access.Change{}, Removed: []access.Change{}, Future: []access.Change{}, Unknown: []string{}}
	for _, s := range sessions {
		it.tell("stored-as-role", diag.Warning, fmt.Sprintf("the spec names the session %s, and the live policy its role, which lets in every session of it: KMS is reported to store a session so", s),
			"allow the role, with a condition on aws:userid or sts:RoleSessionName in its trust policy where one session alone is meant")
	}
	return true
}

// oneSpecAKey blocks specs that turn out to be for one and the same key: each would undo the other's policy.
func oneSpecAKey(items []*Item) {
	first := map[string]*Item{}
	for _, it := range items {
		if it.ARN == "" {
			continue
		}
		other := first[it.ARN]
		if other == nil {
			first[it.ARN] = it
			continue
		}
		for _, pair := range [][2]*Item{{it, other}, {other, it}} {
			if pair[0].State == Blocked && pair[0] == other {
				continue
			}
			name := fmt.Sprintf("%s (document %d)", pair[1].File, pair[1].Document)
			pair[0].tell("same-key", diag.Error, fmt.Sprintf("%s is for the same key, %s", name, it.ARN), "keep one spec for a key")
			pair[0].end(Blocked, name+" is for the same key")
		}
	}
}
