package push

import (
	"context"
	"fmt"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// Planner compares targets with the live policies. It changes nothing.
type Planner struct {
	Cloud *Cloud
	// AllowLosingOwnAccess makes a warning of what would keep the caller from changing the policy again.
	AllowLosingOwnAccess bool
	// AllowUnknownDifference makes a warning of a difference that could not be determined.
	AllowUnknownDifference bool
	// FromLive compares from the spec to the live policy: what is live and not in the spec is added.
	FromLive bool
	// SpecDigest gives the digest of a file as it is now, for a run that is taken up; nil holds no spec to it.
	SpecDigest func(file string) (string, error)
	// Compile gives what specs ask for as they are now, with the flags of a run that is taken up; nil holds none to it.
	Compile func(ctx context.Context, files []string, flags Flags) ([]Target, error)
	// LintLive gives the errors of a live policy, as lint finds them; nil lints none.
	LintLive func(ctx context.Context, key spec.Key, text string) (diag.List, error)
	// Done is called after each key, from any goroutine; may be nil.
	Done func()
	// Waits is called now and then with what takes long, from any goroutine; may be nil.
	Waits func(text string)

	analyses analyses
	memo     memo
}

// Plan gives each target's item, in the order of the targets.
func (p *Planner) Plan(ctx context.Context, targets []Target) []*Item {
	items := make([]*Item, len(targets))
	for i, t := range targets {
		items[i] = &Item{Target: t, Account: t.Key.Account, Region: t.Key.Region}
	}
	eachBy(items, scopeOf, func(it *Item) {
		p.plan(ctx, it)
		if p.Done != nil {
			p.Done()
		}
	})
	p.blockSharedKeys(ctx, items)
	tellReplicas(items)
	for _, it := range items {
		it.Findings.Sort()
	}
	return items
}

func (p *Planner) plan(ctx context.Context, it *Item) {
	defer func() {
		if found := recover(); found != nil {
			it.end(Failed, fault(found))
		}
	}()
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

// offline finds what can be known of a policy before anything is asked of AWS.
func (p *Planner) offline(it *Item) *policy.Document {
	doc, err := read(it.Policy)
	if err != nil {
		it.addFinding("policy-text", diag.Error, "the policy cannot be read back: "+err.Error(), "report this at https://github.com/keypolicy/keypolicy/issues")
		return nil
	}
	checkSize(it)
	checkDeleted(it, doc)
	env := access.Env{Account: it.Key.Account, Partition: it.Key.Partition, Region: it.Key.Region}
	if it.Key.AccountFrom == spec.FromPolicy {
		env.Account = ""
	}
	if it.Findings.HasErrors() { // KMS takes no such policy, whatever it means
		return doc
	}
	p.analyses.do(p, func() {
		if a := access.NewAnalysis(doc, env); !a.Plain() && a.Lockout().Editors == access.EditorsNone {
			addNoEditor(it)
		}
	}, it.Policy)
	return doc
}

func addNoEditor(it *Item) {
	it.addFinding("no-editor", diag.Error, "with this policy no principal could change the key's policy again, and the key would be lost",
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
	if guessed := it.Account == "" || it.Key.AccountFrom == spec.FromPolicy; guessed && p.Cloud.way(it.Account, it.Region) != p.Cloud.way(key.Account, it.Region) {
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
	p.checkKey(it, key, caller)
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

// caller finds who is asking, and that it is an account's own key: PutKeyPolicy works in no other account.
// https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
func (p *Planner) caller(ctx context.Context, it *Item) (Caller, error) {
	account := it.Account
	caller, err := p.Cloud.Caller(ctx, account, it.Region)
	if err != nil {
		return caller, err
	}
	it.Caller = caller.ARN
	known := caller.Account != "" && account != "" && it.Key.AccountFrom != spec.FromPolicy
	if known && caller.Account != account {
		return caller, fmt.Errorf("the key is in account %s, and the credentials are of account %s: use the account's own credentials, or write `accounts: {%q: {role_arn: …}}` into .keypolicy.yaml",
			account, caller.Account, account)
	}
	return caller, nil
}

// lintLive reports what is wrong with the live policy. It blocks nothing: what is applied takes its place.
func (p *Planner) lintLive(ctx context.Context, it *Item) error {
	if p.LintLive == nil {
		return nil
	}
	key := it.Key
	key.ID, key.Account, key.Region, key.Partition = it.ARN, it.env.Account, it.env.Region, it.env.Partition
	found, err := p.LintLive(ctx, key, it.Live)
	if err != nil {
		return err
	}
	for _, f := range found {
		if f.Severity == diag.Error && f.Rule != deletedPrincipalRule { // which tellDeleted reports, with who it was
			live := it.finding(f.Rule, diag.Warning, "in the live policy, "+f.Message, f.Help)
			live.Rule, live.Category, live.Statement = "live", "live", f.Statement
			it.Findings = append(it.Findings, *live)
		}
	}
	return nil
}
