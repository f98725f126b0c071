package push

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// limits keeps requests within KMS's rates, which are shared by an account's keys in a Region.
// https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html
type limits struct {
	off bool

	mu      sync.Mutex
	buckets map[bucket]*rate.Limiter
	left    map[bucket]*departures
}

type bucket struct{ account, region, operation string }

// wait waits for a request's turn.
func (l *limits) wait(ctx context.Context, b bucket) error {
	if l.off {
		return notWaited(b, ctx.Err())
	}
	l.mu.Lock()
	limiter := l.buckets[b]
	if limiter == nil {
		limiter = newLimiter(b.operation)
		if l.buckets == nil {
			l.buckets = map[bucket]*rate.Limiter{}
		}
		l.buckets[b] = limiter
	}
	l.mu.Unlock()
	return notWaited(b, limiter.Wait(ctx))
}

// newLimiter keeps each second within the quota. A second has no more tokens than the burst and what the rate adds in it, and a
// request takes a whole one: with a part of a token above a whole number, as many requests fit as the quota is. So the rate comes
// within a quarter of a request of the quota, which is 14.75 a second of 15.
func newLimiter(operation string) *rate.Limiter {
	quota := quotaOf(operation)
	burst := max(1, quota/10)
	return rate.NewLimiter(rate.Limit(float64(quota-burst)+0.75), burst)
}

func quotaOf(operation string) int {
	if quota, ok := facts.RequestRate(operation); ok {
		return quota
	}
	return 10
}

// departures are the last requests of an operation, as many as its quota. A put follows the read that follows its turn, so
// reads that take unequally long could still bring more puts into one second than there are turns in it.
type departures struct {
	mu   sync.Mutex
	last []time.Time // a ring
	next int
}

// leave takes note of a request that is sent now, or gives how long it is too early.
func (d *departures) leave(now time.Time, quota int) (early time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.last) < quota {
		d.last = append(d.last, now)
		return 0
	}
	if early = time.Second - now.Sub(d.last[d.next]); early > 0 {
		return early
	}
	d.last[d.next] = now
	d.next = (d.next + 1) % quota
	return 0
}

// leave gives how long it is too early for one more request of a kind, so that the last second stays within the quota; not above 0
// takes it for sent.
func (l *limits) leave(b bucket, now time.Time) (early time.Duration) {
	if l.off {
		return 0
	}
	l.mu.Lock()
	d := l.left[b]
	if d == nil {
		d = &departures{}
		if l.left == nil {
			l.left = map[bucket]*departures{}
		}
		l.left[b] = d
	}
	l.mu.Unlock()
	return d.leave(now, quotaOf(b.operation))
}

// earlyError says that a request was not sent, as it would be one too many in its second.
type earlyError struct{ wait time.Duration }

func (*earlyError) Error() string { return "it is too early for one more request of its kind" }

// interruptedError says what was not asked, as the run has ended.
type interruptedError struct {
	operation string
	cause     error
}

func (e *interruptedError) Error() string { return "interrupted before " + e.operation + " was asked" }

func (e *interruptedError) Unwrap() error { return e.cause }

func notWaited(b bucket, err error) error {
	if err == nil {
		return nil
	}
	return &interruptedError{b.operation, err}
}
