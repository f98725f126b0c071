package push

import (
	"context"
	"sync"

	"golang.org/x/time/rate"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// limits keeps requests within KMS's rates, which are shared by an account's keys in a Region.
// https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html
type limits struct {
	off bool

	mu      sync.Mutex
	buckets map[bucket]*rate.Limiter
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

// newLimiter leaves the burst room in the rate, so that no second has more requests than the quota.
func newLimiter(operation string) *rate.Limiter {
	quota, ok := facts.RequestRate(operation)
	if !ok {
		quota = 10
	}
	burst := max(1, quota/10)
	return rate.NewLimiter(rate.Limit(max(1, quota-burst)), burst)
}

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
