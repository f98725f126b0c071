package push

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// runSafely ends the item also where a fault of ours ends its run.
func (p *put) runSafely(ctx context.Context) {
	defer func() {
		switch found := recover(); {
		case found == nil:
		case p.sent || p.putting:
			p.unverified(fault(found))
		default:
			p.item.end(Failed, fault(found)+"; nothing was changed")
		}
	}()
	p.run(ctx)
}

// put is the putting of one policy.
type put struct {
	*Applier
	item   *Item
	client KMS
	slot   *slot
	stop   context.Context //nolint:containedctx // it ends the puts, and not the reads that find out what they did

	putting bool // a put is being made

	sent  bool // a put may have been carried out
	taken bool // KMS has said that it was
	lost  bool // a put had no answer, and may be carried out later than any read

	asRole string // why the policy that was seen names roles for sessions; "" where it does not
	seen   string // that policy
}

// found is what a read of the live policy shows.
type found int

const (
	foundOurs    found = iota // the policy that is to be applied
	foundPlanned              // the one planned from, unchanged
	foundOther                // another writer's
)

func (p *put) readState(ctx context.Context) (found, error) {
	live, err := p.client.Policy(ctx, p.item.ARN)
	if err != nil {
		return foundOther, err
	}
	saw, why := p.item.identify(live)
	if saw == foundOurs {
		p.asRole, p.seen = why, live
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

// storedAsRole says what KMS is reported to do with sessions, and what that means for the other sessions of the role.
func storedAsRole(sessions []storedSession) string {
	var parts []string
	for _, s := range sessions {
		parts = append(parts, "KMS stores the role in place of the session "+s.arn+", so "+s.consequence())
	}
	return "stored-as-role: " + strings.Join(parts, "; ")
}

// run reads, compares and puts, until it is done or cannot be. No put follows a read that does not show the policy
// that was planned from.
func (p *put) run(ctx context.Context) {
	var last error
	unread := 0
	again := newSchedule(putTries - 1)
	principals := newTimed(principalsAppear, longestPause)
	turn := false // it has been its turn, and nothing was sent
	for {
		if !turn {
			if err := p.client.WaitForRate(ctx); err != nil { // before the read: then nothing comes between the read and PutKeyPolicy
				p.giveUp(ctx, err)
				return
			}
		}
		turn = false
		saw, err := p.readState(ctx)
		var fault *RequestError
		switch isFault := errors.As(err, &fault); {
		case err == nil:
			unread = 0
			if saw != foundPlanned {
				p.notPlanned(ctx, saw)
				return
			}
			if p.stop.Err() != nil {
				p.giveUp(ctx, interrupted(last))
				return
			}
			done, err := p.put(ctx)
			if done {
				return
			}
			if early, ok := errors.AsType[*earlyError](err); ok { // the read is older than the wait, so it is made again
				_ = p.Cloud.options.Clock.Sleep(p.stop, early.wait)
				turn = true
				continue
			}
			last = err
		default:
			last = err
			if unread++; unread >= sureTries || isFault && fault.effect == effectNone {
				p.giveUp(ctx, last)
				return
			}
		}
		wait := again
		if errors.As(last, &fault) {
			switch {
			case fault.invalidPrincipals:
				wait = principals
			case fault.effect == effectNone:
				p.giveUp(ctx, last)
				return
			}
		}
		if !p.pause(p.stop, wait, waitPrincipals) {
			if p.stop.Err() != nil {
				last = interrupted(last)
			}
			p.giveUp(ctx, last)
			return
		}
	}
}

// put puts the policy once. done says that the item has its state; else the error says why it has none yet.
func (p *put) put(ctx context.Context) (done bool, err error) {
	p.putting = true
	err = p.client.PutPolicy(ctx, p.item.ARN, string(p.item.Policy))
	p.putting = false
	if err == nil {
		p.sent, p.taken = true, true
		_ = p.Journal.took(p.item, p.lost) // the key's state follows, and says where the journal cannot be written
		p.verify(ctx)
		return true, nil
	}
	if _, ok := errors.AsType[*earlyError](err); ok {
		return false, err
	}
	var fault *RequestError
	if !errors.As(err, &fault) {
		p.giveUp(ctx, err)
		return true, nil
	}
	if fault.invalidPrincipals {
		suspects := newPrincipals(p.item)
		if fault.Sentence = noSuchPrincipal(suspects); len(suspects) == 0 {
			fault.invalidPrincipals = false // nothing was made a moment ago
		}
	}
	if fault.effect == effectUnknown {
		p.sent, p.lost = true, true
		return p.confirm(ctx), err
	}
	return false, err
}

// interrupted is why no put is made any more.
func interrupted(last error) error {
	if last == nil {
		return errors.New("interrupted before it was applied")
	}
	return fmt.Errorf("interrupted after: %w", last)
}
