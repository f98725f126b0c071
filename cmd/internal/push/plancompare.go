package push

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

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

// compare checks the wanted policy against the live one.
func (p *Planner) compare(ctx context.Context, it *Item, client KMS, doc *policy.Document, caller Caller) error {
	live, err := read([]byte(it.Live))
	if err != nil {
		return errors.New("the live policy cannot be read: " + err.Error())
	}
	var failed error
	p.analyses.do(p, func() { failed = p.reason(ctx, it, live, doc, caller) }, it.Policy, []byte(it.Live))
	if failed != nil || it.State != "" {
		return failed
	}
	if !it.callerKeepsAll {
		checkReadBack(it, live, doc, caller)
	}
	if !p.FromLive {
		if err := p.checkGrants(ctx, it, client); err != nil {
			return err
		}
	}
	it.end(Change, "")
	switch {
	case len(it.Diff.Added)+len(it.Diff.Removed) > 0:
	case len(it.Diff.Future) > 0:
		it.Reason = "it differs only for actions that AWS may add"
	default:
		it.Reason = "what differs could not be determined"
	}
	return nil
}

// reason holds both policies against each other. An item that is then unchanged or blocked has its state.
func (p *Planner) reason(ctx context.Context, it *Item, live, doc *policy.Document, caller Caller) error {
	same := alike(live, doc, it.env.Partition)
	if same {
		it.Diff = &access.Difference{Equivalent: true, Added: []access.Change{}, Removed: []access.Change{}, Future: []access.Change{}, Unknown: []access.Reason{}}
	} else {
		it.Diff = p.diff(it, live, doc)
		if err := p.lintLive(ctx, it); err != nil {
			return err
		}
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
			if !same || len(live.Statements) != len(doc.Statements) {
				it.Reason = "both policies decide every request alike, and their statements differ"
			}
		}
		return nil
	}
	p.checkLockout(it, doc, caller)
	p.checkDifference(it)
	it.block()
	return nil
}

func (p *Planner) diff(it *Item, live, wanted *policy.Document) *access.Difference {
	return p.memo.difference(it, live, wanted, func() *access.Difference {
		if p.FromLive {
			return access.Diff(wanted, live, it.env, it.env)
		}
		return access.Diff(live, wanted, it.env, it.env)
	})
}

// checkDifference objects to a difference that could not be determined: who gains or loses access by it would be a surprise. Of what
// AWS's pages leave open it warns; what is not known yet does not count as a difference.
func (p *Planner) checkDifference(it *Item) {
	of := func(kind access.ReasonKind) int {
		return slices.IndexFunc(it.Diff.Unknown, func(r access.Reason) bool { return r.Kind == kind })
	}
	at, severity := of(access.ReasonBudget), diag.Error
	help := "simplify the live policy or the spec, or look at both and give --allow-unknown-difference"
	if p.AllowUnknownDifference {
		severity = diag.Warning
	}
	if at < 0 {
		at, severity = of(access.ReasonOpen), diag.Warning
		help = "look at both: AWS's pages do not say what it is"
	}
	if at < 0 {
		return
	}
	it.addFinding("difference-unknown", severity, "who gains and who loses access is not known in full: "+diag.Phrase(it.Diff.Unknown[at].Text), help)
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
	it.Diff = &access.Difference{Equivalent: true, Added: []access.Change{}, Removed: []access.Change{}, Future: []access.Change{}, Unknown: []access.Reason{}}
	it.dropSessionFindings()
	for _, s := range sessions {
		it.addFinding("stored-as-role", diag.Warning, fmt.Sprintf("the spec names the session %s, and the live policy its role, so %s: KMS is reported to store a session so", s.arn, s.consequence()),
			"name the role, with a condition on aws:userid or sts:RoleSessionName in its trust policy where only one session is meant")
	}
	return true
}
