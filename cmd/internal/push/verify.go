package push

import (
	"context"
	"errors"
	"fmt"

	"github.com/keypolicy/keypolicy/compiler/access"
)

// confirm finds out whether a put without an answer was carried out: it was where the policy is seen, and it is not yet
// tried again before the one planned from has been read several times, as reads may be stale.
// https://docs.aws.amazon.com/kms/latest/developerguide/programming-eventual-consistency.html
func (p *put) confirm(ctx context.Context) bool {
	wait := newSchedule(sureTries - 1)
	for {
		saw, err := p.readState(ctx)
		switch {
		case err != nil && p.stopped(ctx, err):
			return true
		case err != nil:
		case saw == foundOurs:
			p.updated()
			return true
		case saw == foundOther:
			p.notPlanned(ctx, saw)
			return true
		}
		if !p.pause(ctx, wait, waitReadBack) {
			return false
		}
	}
}

// updated ends an item whose policy is seen. Where KMS stores roles in place of sessions, what changed is what it stores.
func (p *put) updated() {
	p.item.end(Updated, p.asRole)
	if p.asRole == "" {
		return
	}
	p.item.dropSessionFindings()
	before, err := read([]byte(p.item.Live))
	if err != nil {
		return
	}
	if after, err := read([]byte(p.seen)); err == nil {
		p.item.Diff = access.Diff(before, after, p.item.env, p.item.env)
	}
}

// notPlanned ends an item whose live policy is not the one planned from.
func (p *put) notPlanned(ctx context.Context, saw found) {
	switch {
	case saw == foundOurs && (p.sent || p.Again):
		p.updated()
	case saw == foundOurs:
		p.item.end(Unchanged, "another writer has written the same policy meanwhile")
	case p.sent:
		p.verify(ctx)
	default:
		p.refuse("drift: the live policy is not the one that was planned from, so nothing was changed: plan again")
	}
}

// verify reads back until the applied policy is seen, for as long as KMS says that a change may take to show.
func (p *put) verify(ctx context.Context) {
	others := 0
	var last error
	wait := newTimed(changesAppear, longestReadPause)
	for {
		saw, err := p.readState(ctx)
		last = err
		switch {
		case err != nil && p.stopped(ctx, err):
			return
		case err != nil:
		case saw == foundOurs:
			p.updated()
			return
		case saw == foundOther:
			if others++; others >= sureTries {
				p.overwritten()
				return
			}
		default:
			others = 0
		}
		if !p.pause(ctx, wait, waitReadBack) {
			break
		}
	}
	if ctx.Err() != nil {
		p.unverified(p.came() + ", and the run was stopped before it was seen")
		return
	}
	why := fmt.Sprintf("%s, and it is not seen after %s", p.came(), spell(changesAppear))
	if last != nil {
		why += ": " + last.Error()
	}
	p.unverified(why)
}

// stopped ends an item that cannot be read back: the run is stopped, or the caller cannot read the policy, however often
// it tries.
func (p *put) stopped(ctx context.Context, err error) bool {
	var fault *RequestError
	switch {
	case ctx.Err() != nil:
		p.unverified(p.came() + ", and the run was stopped before it was seen")
		return true
	case errors.As(err, &fault) && fault.unreadable():
		p.unverified(fmt.Sprintf("cannot-read-back: %s, and it cannot be read back: %s", p.came(), err))
		return true
	}
	return false
}

// came is what KMS answered to the put.
func (p *put) came() string {
	if p.taken {
		return "KMS took the policy"
	}
	return "PutKeyPolicy got no answer, so whether KMS took the policy is not known"
}

// overwritten ends an item that another writer has overwritten. A put that had no answer may still arrive over theirs.
func (p *put) overwritten() {
	if p.lost {
		p.unverified("drift: another writer has written a policy")
		return
	}
	p.refuse("drift: another writer overwrote the policy of this run; theirs is live, and the one before is saved in " + p.Journal.backup(p.item))
}

// refuse leaves another writer's policy as it is. What would change is not known then: the difference was to the policy
// before it.
func (p *put) refuse(why string) {
	p.item.Diff = nil
	p.item.end(Refused, why)
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
	return "; a PutKeyPolicy got no answer and may still reach KMS within five minutes: look again then"
}

// giveUp ends an item that could not be put. Of a put that had no answer it is found out what it did, or said to be unknown.
func (p *put) giveUp(ctx context.Context, last error) {
	reason := last.Error()
	if !p.sent {
		p.item.end(Failed, reason+"; nothing was changed")
		return
	}
	wait := newSchedule(sureTries - 1)
	for {
		saw, err := p.readState(ctx)
		switch {
		case err != nil && p.stopped(ctx, err):
			return
		case err != nil || saw == foundPlanned:
		case saw == foundOurs:
			p.updated()
			return
		default:
			p.verify(ctx)
			return
		}
		if !p.pause(ctx, wait, waitReadBack) {
			break
		}
	}
	if p.taken {
		p.unverified(reason + "; " + p.came() + ", and it is not seen")
		return
	}
	p.unverified(reason + "; whether it was applied is not known")
}
