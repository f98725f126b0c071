package push

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Applier puts what was planned.
type Applier struct {
	Cloud   *Cloud
	Journal *Journal
	Done    func() // called after each key that is put, from any goroutine; nil is nobody

	// Again says that an earlier run may have put these policies: seeing one is then an update and no coincidence.
	Again bool
}

const (
	putTries  = 10 // of putting one policy
	lookTries = 10 // of reading it back: 26 seconds or so in all
	sureTries = 3  // reads in a row that make sure of another writer, or that a put has not happened
)

// Apply puts each item that is to change, side by side, and ends each in a state. One that fails stops no other. When the
// context ends no further put is begun; those that are under way are brought to an end.
func (a *Applier) Apply(ctx context.Context, items []*Item) error {
	each(items, func(it *Item) {
		if it.State != Change {
			return
		}
		a.apply(ctx, it)
		if a.Done != nil {
			a.Done()
		}
	})
	return a.Journal.end()
}

func (a *Applier) apply(ctx context.Context, it *Item) {
	if ctx.Err() != nil {
		it.end(Failed, "interrupted before it was begun: nothing was put")
		return
	}
	if err := a.Journal.intend(it); err != nil {
		it.end(Failed, "the journal cannot be written, so nothing was put: "+err.Error())
		return
	}
	p := &put{Applier: a, item: it, client: a.Cloud.KMS(it.Account, it.Region), stop: ctx}
	// What is begun is brought to its end, so that its state is known: only its puts end with the context.
	p.run(context.WithoutCancel(ctx))
	if err := a.Journal.record(it); err != nil && (it.State == Updated || it.State == Unverified) {
		it.Reason = "the journal could not be written at the end: " + err.Error()
	}
}

// put is the putting of one policy.
type put struct {
	*Applier
	item   *Item
	client KMS
	stop   context.Context //nolint:containedctx // it ends the puts, and not the reads that find out what they did

	sent  bool // a put may have been carried out
	taken bool // KMS has said that it was
	lost  bool // a put had no answer, and may be carried out later than any read

	asRole string // why the policy that was seen names roles for sessions; "" where it does not
}

// found is what a read of the live policy shows.
type found int

const (
	foundOurs    found = iota // the policy that is to be put
	foundPlanned              // the one planned from, unchanged
	foundOther                // another writer's
)

func (p *put) look(ctx context.Context) (found, error) {
	live, err := p.client.Policy(ctx, p.item.ARN)
	if err != nil {
		return foundOther, err
	}
	saw, why := p.item.identify(live)
	if saw == foundOurs {
		p.asRole = why
	}
	return saw, nil
}

// identify says whose policy a live one is. Where ours is stored with roles in place of sessions, why says so.
func (it *Item) identify(live string) (saw found, why string) {
	ours, partition := string(it.Policy), it.env.Partition
	if equal(live, it.Live, partition) {
		return foundPlanned, ""
	}
	if equal(live, ours, partition) {
		return foundOurs, ""
	}
	if a, b, sessions, ok := asRoles(live, ours); ok && equal(a, b, partition) {
		return foundOurs, storedAsRole(sessions)
	}
	return foundOther, ""
}

// storedAsRole says what KMS is reported to do with sessions: the policy then lets in every session of the role.
func storedAsRole(sessions []string) string {
	return "stored-as-role: KMS stores the role in place of the session " + strings.Join(sessions, ", ") + ", so every session of the role is let in"
}

// run reads, compares and puts, until it is done or cannot be. No put follows a read that does not show the policy
// that was planned from.
func (p *put) run(ctx context.Context) {
	var last error
	unread := 0
	for try := range putTries {
		if try > 0 && !p.mayGoOn(ctx, try, last) {
			return
		}
		if err := p.client.Turn(ctx); err != nil { // before the read: then nothing stands between the read and the put
			p.giveUp(ctx, err)
			return
		}
		saw, err := p.look(ctx)
		if err != nil {
			last = err
			var fault *Fault
			if unread++; unread >= sureTries || errors.As(err, &fault) && fault.effect == effectNone {
				break
			}
			continue
		}
		if unread = 0; saw != foundPlanned {
			p.notPlanned(ctx, saw)
			return
		}
		if last = p.client.PutPolicy(ctx, p.item.ARN, string(p.item.Policy)); last == nil {
			p.sent, p.taken = true, true
			p.verify(ctx)
			return
		}
		var fault *Fault
		if !errors.As(last, &fault) || fault.effect == effectNone {
			break
		}
		if fault.effect == effectUnknown {
			p.sent, p.lost = true, true
			if p.settle(ctx) {
				return
			}
		}
	}
	p.giveUp(ctx, last)
}

// mayGoOn waits before another try; after an interrupt there is none.
func (p *put) mayGoOn(ctx context.Context, try int, last error) bool {
	if err := p.Cloud.options.Clock.Sleep(p.stop, pause(try-1)); err != nil {
		p.giveUp(ctx, fmt.Errorf("interrupted after: %w", last))
		return false
	}
	return true
}

// settle finds out whether a put without an answer was carried out: it was where the policy is seen, and it is not yet
// tried again before the one planned from has been read several times, as reads may be stale.
// https://docs.aws.amazon.com/kms/latest/developerguide/accessing-kms.html#programming-eventual-consistency
func (p *put) settle(ctx context.Context) bool {
	for try := range sureTries {
		p.rest(ctx, try)
		saw, err := p.look(ctx)
		switch {
		case err != nil:
		case saw == foundOurs:
			p.item.end(Updated, p.asRole)
			return true
		case saw == foundOther:
			p.notPlanned(ctx, saw)
			return true
		}
	}
	return false
}

// notPlanned ends an item whose live policy is not the one planned from.
func (p *put) notPlanned(ctx context.Context, saw found) {
	switch {
	case saw == foundOurs && (p.sent || p.Again):
		p.item.end(Updated, p.asRole)
	case saw == foundOurs:
		p.item.end(Unchanged, "another writer has put the same policy meanwhile")
	case p.sent:
		p.verify(ctx)
	default:
		p.item.end(Refused, "drift: the live policy is not the one that was planned from, so nothing was put: plan again")
	}
}

// verify reads back until the policy that was put is seen.
func (p *put) verify(ctx context.Context) {
	others := 0
	for try := range lookTries {
		p.rest(ctx, try)
		saw, err := p.look(ctx)
		switch {
		case err != nil:
		case saw == foundOurs:
			p.item.end(Updated, p.asRole)
			return
		case saw == foundOther:
			if others++; others >= sureTries {
				p.overwritten()
				return
			}
		default:
			others = 0
		}
	}
	p.unverified("it was put and is not seen yet")
}

func (p *put) overwritten() {
	what := "another writer has put a policy over the one of this run"
	if !p.taken {
		what = "another writer has put a policy, and whether the one of this run was there in between is not known"
	}
	p.item.end(Refused, fmt.Sprintf("drift: %s; theirs stands, and the one before is saved in %s%s", what, p.Journal.backup(p.item), p.late()))
}

func (p *put) unverified(why string) {
	p.item.end(Unverified, fmt.Sprintf("%s: `keypolicy apply --resume`, with the same --state-dir, looks again; the policy before it is saved in %s%s", why, p.Journal.backup(p.item), p.late()))
}

// late says that a put may still arrive: AWS takes a request until five minutes after it was signed.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
func (p *put) late() string {
	if !p.lost {
		return ""
	}
	return "; a put had no answer, and may still reach KMS within five minutes: look again then"
}

// rest waits between two reads.
func (p *put) rest(ctx context.Context, try int) {
	if try > 0 {
		_ = p.Cloud.options.Clock.Sleep(ctx, pause(try-1))
	}
}

// giveUp ends an item that could not be put. Of a put that had no answer it is found out what it did, or said to be unknown.
func (p *put) giveUp(ctx context.Context, last error) {
	reason := last.Error()
	if !p.sent {
		p.item.end(Failed, reason+"; nothing was put")
		return
	}
	for try := range sureTries {
		p.rest(ctx, try)
		saw, err := p.look(ctx)
		switch {
		case err != nil || saw == foundPlanned:
		case saw == foundOurs:
			p.item.end(Updated, p.asRole)
			return
		default:
			p.verify(ctx)
			return
		}
	}
	p.unverified(reason + "; whether it was put is not known")
}
